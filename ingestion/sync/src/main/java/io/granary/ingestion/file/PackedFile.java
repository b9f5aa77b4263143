package io.granary.ingestion.file;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * A file of rows, plain, gzip, bzip2, zip, tar or a packed tar: what it is its first bytes say, not its name. Entries are read
 * where they are and never written to a folder.
 */
public final class PackedFile {
    private static final int PEEK = 512;
    private static final String TAR = "ustar";
    private static final int TAR_AT = 257;

    private final Path file;
    private final String name;
    private final ArchiveLimits limits;
    private final long packed;
    private long unpacked;
    private int entries;

    private PackedFile(Path file, String name, ArchiveLimits limits, long packed) {
        this.file = file;
        this.name = name;
        this.limits = limits;
        this.packed = packed;
    }

    /** Takes what is in a file. */
    @FunctionalInterface
    public interface Content {
        /** @param name what people know the content by, such as {@code orders.zip: 2026/orders-1.csv} */
        void read(String name, InputStream in) throws IOException;
    }

    /**
     * Reads the file, entry by entry.
     *
     * @param name what people know it by
     * @throws GranaryException when it is broken, passes a limit, or holds what no file of rows holds
     */
    public static void read(Path file, String name, ArchiveLimits limits, Content content) {
        try {
            new PackedFile(file, name, limits, Files.size(file)).read(content);
        } catch (ZipException | EOFException e) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    name + " is broken: " + (e instanceof EOFException ? "it ends too early" : e.getMessage())
                            + ". Nothing was taken; ask for the file again.",
                    e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.DATA, name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void read(Content content) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            String start = start(in);
            if (isZip(start)) {
                zip(content);
            } else if (isGzip(start)) {
                InputStream plain = new BufferedInputStream(new Counted(new GZIPInputStream(in, 1 << 16)), 1 << 16);
                inside(plain, content);
            } else if (isBzip2(start)) {
                inside(
                        new BufferedInputStream(new Counted(new BZip2CompressorInputStream(in, true)), 1 << 16),
                        content);
            } else if (isTar(start)) {
                tar(in, content);
            } else {
                refuseStrange(name, start);
                content.read(name, in);
            }
        }
    }

    private void inside(InputStream plain, Content content) throws IOException {
        String start = start(plain);
        if (isTar(start)) {
            tar(plain, content);
            return;
        }
        refuseNested(name, start);
        content.read(name, plain);
    }

    private void tar(InputStream in, Content content) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        for (TarArchiveEntry entry = tar.getNextTarEntry(); entry != null; entry = tar.getNextTarEntry()) {
            enter(entry.getName());
            if (entry.isDirectory()) {
                continue;
            }
            if (!entry.isFile() || entry.isSymbolicLink() || entry.isLink() || entry.isSparse()) {
                throw refused("entry '" + entry.getName() + "' is no plain file");
            }
            entry(entry.getName(), new Counted(tar), content);
        }
    }

    private void zip(Content content) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                enter(entry.getName());
                if (!entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        entry(entry.getName(), new Counted(in), content);
                    }
                }
            }
        }
    }

    private void entry(String entry, InputStream in, Content content) throws IOException {
        InputStream buffered = new BufferedInputStream(in, 1 << 16);
        String called = name + ": " + entry;
        refuseNested(called, start(buffered));
        content.read(called, buffered);
    }

    /** Nothing is ever written by these names; one that would leave its folder still says what the archive is for. */
    private void enter(String entry) {
        if (++entries > limits.entries()) {
            throw refused("it has more than " + limits.entries() + " entries");
        }
        String path = entry.replace('\\', '/');
        boolean leaves = path.startsWith("/")
                || path.matches("[A-Za-z]:.*")
                || List.of(path.split("/")).contains("..");
        if (leaves || entry.chars().anyMatch(Character::isISOControl)) {
            throw refused("the name of entry '" + entry.replaceAll("\\p{Cntrl}", "?") + "' leads out of the archive");
        }
    }

    private void refuseNested(String called, String start) {
        if (isZip(start) || isGzip(start) || isBzip2(start) || isTar(start)) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    called + " is an archive inside an archive. Nothing was taken; send it unpacked once.");
        }
        refuseStrange(called, start);
    }

    private static void refuseStrange(String called, String start) {
        if (start.startsWith("\u00fd7zXZ")
                || start.startsWith("(\u00b5/\u00fd")
                || start.startsWith("7z\u00bc\u00af")
                || start.startsWith("Rar!")) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    called + " is packed in a way that is not read; gzip, bzip2, zip and tar are. Nothing was taken.");
        }
    }

    private GranaryException refused(String why) {
        return new GranaryException(ErrorCode.DATA, name + ": " + why + ". Nothing of the file was taken.");
    }

    private static String start(InputStream in) throws IOException {
        in.mark(PEEK);
        String start = new String(in.readNBytes(PEEK), StandardCharsets.ISO_8859_1);
        in.reset();
        return start;
    }

    private static boolean isZip(String start) {
        return start.startsWith("PK\u0003\u0004") || start.startsWith("PK\u0005\u0006");
    }

    private static boolean isGzip(String start) {
        return start.startsWith("\u001f\u008b");
    }

    private static boolean isBzip2(String start) {
        return start.matches("(?s)BZh[1-9]1AY&SY.*");
    }

    private static boolean isTar(String start) {
        return start.startsWith(TAR, TAR_AT);
    }

    /** Counts what comes out, and stops a file that becomes too much. */
    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int count = in.read(buffer, from, length);
            unpacked += Math.max(0, count);
            if (unpacked > limits.bytes()) {
                throw refused("it is more than " + limits.bytes() + " bytes unpacked");
            }
            if (unpacked > ArchiveLimits.RATIO_FROM && unpacked > packed * limits.ratio()) {
                throw refused(
                        "it is more than " + limits.ratio() + " times its " + packed + " bytes unpacked, as bombs are");
            }
            return count;
        }

        @Override
        public void close() {
            // the archive closes itself
        }
    }
}
