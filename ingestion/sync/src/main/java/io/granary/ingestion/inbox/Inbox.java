package io.granary.ingestion.inbox;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of a source's ingested files: {@code <site>/<sha256>.log}. A file is in it whole or not at all, and the same
 * content only once. {@code <sha256>.done} beside it says that its days were built too.
 */
record Inbox(Path folder) {
    /** Content that is there, and the site it was ingested for. */
    record Entry(String site, Path file) {
        private Path done() {
            return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.log$", ".done"));
        }

        boolean isDone() {
            return Files.exists(done());
        }

        void markDone() {
            try {
                Files.writeString(done(), "");
            } catch (IOException e) {
                throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + done() + ": " + e, e);
            }
        }
    }

    /** The entry of a content, for whatever site. */
    Optional<Entry> find(String sha256) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> sites = Files.list(folder)) {
            return sites.filter(Files::isDirectory)
                    .map(site -> site.resolve(sha256 + ".log"))
                    .filter(Files::exists)
                    .findFirst()
                    .map(file -> new Entry(file.getParent().getFileName().toString(), file));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot list " + folder + ": " + e, e);
        }
    }

    /** Moves a copy in: the agent sees it from then on, complete. */
    Entry add(Incoming incoming, String site) {
        Path target = folder.resolve(site).resolve(incoming.sha256() + ".log");
        try {
            Files.createDirectories(target.getParent());
            try (FileChannel channel = FileChannel.open(incoming.content(), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(incoming.content(), target, StandardCopyOption.ATOMIC_MOVE);
            return new Entry(site, target);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot move a file to " + target + ": " + e, e);
        }
    }
}
