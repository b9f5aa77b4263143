package io.granary.ingestion.pull;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.Digests;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Brings files of a server into a folder of this machine. What an attempt has brought the next one goes on from, in this
 * process or a later one, where the server can do that and still has the same version of the file.
 */
record Download(ServerCalls server, Path folder) {

    /** A file that is here, whole; {@code file} as the server showed it before and after. */
    record Fetched(RemoteFile file, Path content, String sha256) {}

    /**
     * Brings one file.
     *
     * @throws GranaryException when it does not come, or changes while it is read
     */
    Fetched fetch(RemoteFile file) {
        Path content = place(file);
        server.ask("reading " + file.path(), files -> {
            RemoteFile now = files.find(file.path()).orElseThrow(() -> new FileNotFoundException("it is gone"));
            copy(files, now, content);
            RemoteFile after = files.find(file.path()).orElseThrow(() -> new FileNotFoundException("it is gone"));
            long here = Files.size(content);
            if (after.equals(now) && here < now.size()) {
                throw new IOException(here + " of " + now.size() + " bytes came");
            }
            if (!after.equals(now) || after.size() >= 0 && after.size() != here) {
                Files.deleteIfExists(content);
                throw new IOException("it changed while it was read (" + now.size() + " bytes, then " + after.size()
                        + "): somebody is still writing it");
            }
            if (!now.equals(file)) {
                throw changed(file, now);
            }
            return content;
        });
        return new Fetched(file, content, Digests.of(content, "SHA-256"));
    }

    private static GranaryException changed(RemoteFile file, RemoteFile now) {
        return new GranaryException(
                ErrorCode.DATA,
                file.path() + " changed after it was said to be complete: " + file.size() + " bytes of "
                        + file.version() + ", now " + now.size() + " bytes of " + now.version()
                        + ". Nothing was published; pull again when the sender is done.");
    }

    private void copy(RemoteFiles files, RemoteFile file, Path content) throws IOException {
        long offset = canGoOn(file, content) ? Files.size(content) : 0;
        if (offset > 0 && offset == file.size()) {
            return;
        }
        RemoteFiles.Reading reading = files.open(file, offset);
        remember(file, content);
        try (InputStream in = reading.in();
                OutputStream out = reading.offset() > 0
                        ? Files.newOutputStream(content, StandardOpenOption.APPEND)
                        : Files.newOutputStream(content)) {
            in.transferTo(out);
        }
    }

    /** Whether the bytes that are here are the first of this version. */
    private static boolean canGoOn(RemoteFile file, Path content) throws IOException {
        if (file.version().isEmpty()
                || file.size() < 0
                || !Files.exists(content)
                || Files.size(content) > file.size()) {
            return false;
        }
        return of(content).filter(line -> line.equals(line(file))).isPresent();
    }

    private static void remember(RemoteFile file, Path content) throws IOException {
        Files.writeString(versionOf(content), line(file));
    }

    private static Optional<String> of(Path content) throws IOException {
        try {
            return Optional.of(Files.readString(versionOf(content)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String line(RemoteFile file) {
        return file.size() + " " + file.version() + " " + file.path();
    }

    private static Path versionOf(Path content) {
        return content.resolveSibling(content.getFileName() + ".version");
    }

    /** Two files of one name may lie in two folders; a name of the server's is never a name here. */
    private Path place(RemoteFile file) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot make " + folder + ": " + e, e);
        }
        return folder.resolve(Digests.sha256(file.path()).substring(0, 32) + ".part");
    }

    /** A small file as text, such as a checksum's or a manifest; empty when the server has none. */
    Optional<String> text(String path, int most) {
        return server.ask("reading " + path, files -> {
            Optional<RemoteFile> file = files.find(path);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = files.open(file.get(), 0).in()) {
                byte[] start = new byte[most + 1];
                int length = in.readNBytes(start, 0, start.length);
                if (length > most) {
                    throw new GranaryException(ErrorCode.DATA, path + " has more than " + most + " bytes");
                }
                if (file.get().size() >= 0 && file.get().size() != length) {
                    throw new IOException(path + " has " + file.get().size() + " bytes, " + length + " of them came");
                }
                return Optional.of(new String(start, 0, length, StandardCharsets.UTF_8));
            }
        });
    }

    /** Removes what was brought: the day is published. */
    void clear() {
        remove(folder);
    }

    /** Removes a folder and what is in it. */
    static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // nothing was brought
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot empty " + folder + ": " + e, e);
        }
    }

    /** Names of the files, for messages. */
    static String names(List<RemoteFile> files) {
        return String.join(", ", files.stream().map(RemoteFile::name).toList());
    }
}
