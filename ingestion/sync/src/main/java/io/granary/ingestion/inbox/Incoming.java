package io.granary.ingestion.inbox;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.Digests;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A person's file, read whole, unpacked and looked through, before anything else is done with it.
 *
 * @param given the file as it was named
 * @param content a copy of the unpacked content, beside the inbox
 * @param sha256 of that content: its identity, whatever the file is called
 * @param bytes of that content
 * @param lines of that content; a last line without an end counts
 * @param oddLines numbers of the first lines that do not look like a log's, from 1
 * @param oddCount how many there are
 */
record Incoming(Path given, Path content, String sha256, long bytes, long lines, List<Long> oddLines, long oddCount) {
    private static final int FIRST_LINES = 1000;
    private static final int SHOWN = 5;
    private static final int LONGEST = 64 * 1024;
    private static final String GZIP = "\u001f\u008b";
    private static final Map<String, String> PACKED = Map.of(
            "PK\u0003\u0004", "a zip archive",
            "BZh", "packed with bzip2",
            "\u00fd7zXZ", "packed with xz",
            "(\u00b5/\u00fd", "packed with zstd");

    Incoming {
        oddLines = List.copyOf(oddLines);
    }

    /**
     * Reads a file, plain or gzip, into {@code folder}.
     *
     * @throws GranaryException when it is missing, empty, a folder, broken or no access log; nothing is left in the
     *     folder then
     */
    static Incoming read(Path given, Path folder) {
        refuseWhatIsNoFile(given);
        Path copy = null;
        try {
            Files.createDirectories(folder);
            copy = Files.createTempFile(folder, ".incoming-", ".part");
            Incoming incoming = new Reading(given).into(copy);
            if (incoming.lines() == 0) {
                throw refused(given, "is empty" + (Files.size(given) > 0 ? " once it is unpacked" : ""), null);
            }
            return incoming;
        } catch (IOException e) {
            delete(copy);
            throw new GranaryException(ErrorCode.RESOURCES, "cannot copy " + given + " into " + folder + ": " + e, e);
        } catch (RuntimeException e) {
            delete(copy);
            throw e;
        }
    }

    /** Removes the copy: for a file that is not taken. */
    void discard() {
        delete(content);
    }

    private static void delete(Path copy) {
        try {
            if (copy != null) {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot remove " + copy + ": " + e, e);
        }
    }

    private static void refuseWhatIsNoFile(Path given) {
        if (!Files.exists(given)) {
            throw new GranaryException(ErrorCode.NOT_FOUND, given + ": no such file");
        }
        if (Files.isDirectory(given)) {
            throw refused(given, "is a folder; name the files in it", null);
        }
        if (!Files.isReadable(given)) {
            throw refused(given, "cannot be read by this user", null);
        }
    }

    private static GranaryException refused(Path given, String why, Exception cause) {
        return new GranaryException(ErrorCode.DATA, given + " " + why, cause);
    }

    /** One pass over a file. */
    private static final class Reading {
        private final Path given;
        private final byte[] line = new byte[LONGEST];
        private final List<Long> odd = new ArrayList<>();
        private String firstOdd = "";
        private int length;
        private long bytes;
        private long lines;
        private long oddCount;

        Reading(Path given) {
            this.given = given;
        }

        Incoming into(Path copy) throws IOException {
            MessageDigest digest = Digests.digest("SHA-256");
            try (InputStream in = new BufferedInputStream(Files.newInputStream(given), 1 << 16);
                    OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
                byte[] buffer = new byte[1 << 16];
                InputStream content = content(in);
                for (int n = read(content, buffer); n >= 0; n = read(content, buffer)) {
                    out.write(buffer, 0, n);
                    look(buffer, n);
                }
            }
            if (length > 0) {
                lineEnds();
            }
            refuseWhatIsNoLog();
            return new Incoming(given, copy, HexFormat.of().formatHex(digest.digest()), bytes, lines, odd, oddCount);
        }

        private InputStream content(InputStream in) throws IOException {
            in.mark(16);
            String start = new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
            in.reset();
            PACKED.forEach((magic, what) -> {
                if (start.startsWith(magic)) {
                    throw refused(given, "is " + what + "; unpack it first (gzip is read as it is)", null);
                }
            });
            if (!start.startsWith(GZIP)) {
                return in;
            }
            try {
                return new GZIPInputStream(in, 1 << 16);
            } catch (EOFException | ZipException e) {
                throw broken(e);
            }
        }

        private int read(InputStream content, byte[] buffer) throws IOException {
            try {
                return content.read(buffer);
            } catch (EOFException | ZipException e) {
                throw broken(e);
            }
        }

        private GranaryException broken(IOException e) {
            String why = e instanceof EOFException ? "it ends too early" : e.getMessage();
            return refused(
                    given,
                    "is broken gzip: " + why + ", in line " + String.format("%,d", lines + 1)
                            + " of its content. Nothing was taken; fetch the file again.",
                    e);
        }

        private void look(byte[] buffer, int n) {
            bytes += n;
            for (int i = 0; i < n; i++) {
                if (buffer[i] == '\n') {
                    lineEnds();
                } else {
                    if (length < LONGEST) {
                        line[length] = buffer[i];
                    }
                    length++;
                }
            }
        }

        private void lineEnds() {
            lines++;
            if (length > LONGEST || !CombinedLine.looksRight(line, length)) {
                if (oddCount++ == 0) {
                    firstOdd = shown();
                }
                if (odd.size() < SHOWN) {
                    odd.add(lines);
                }
            }
            length = 0;
            if (lines == FIRST_LINES) {
                refuseWhatIsNoLog();
            }
        }

        private void refuseWhatIsNoLog() {
            if (lines <= FIRST_LINES && oddCount * 2 > lines) {
                throw refused(
                        given,
                        "does not look like an access log: " + oddCount + " of the first " + lines
                                + " lines are not in the combined format (line "
                                + odd.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                + (oddCount > odd.size() ? ", ..." : "") + "). Line " + odd.get(0) + ": " + firstOdd
                                + "\nExpected: 192.0.2.1 - - [01/Nov/2026:10:05:00 +0000] \"GET / HTTP/1.1\" 200 123"
                                + " \"-\" \"Mozilla/5.0\"",
                        null);
            }
        }

        private String shown() {
            String text = new String(line, 0, Math.min(length, 100), StandardCharsets.UTF_8);
            return text.replaceAll("\\p{Cntrl}|\uFFFD", "?") + (length > 100 ? "..." : "");
        }
    }
}
