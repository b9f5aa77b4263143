package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest readable manifest: the file is read again when it changes. A request takes one manifest and keeps it, so
 * it never sees half of each.
 */
final class LiveManifest {
    private static final Logger LOG = LoggerFactory.getLogger(LiveManifest.class);

    /** Which content of the file was looked at; a file that is moved into place also gets a new key. */
    private record Stamp(Object key, long modified, long size) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.fileKey(), found.lastModifiedTime().toMillis(), found.size());
        }
    }

    /** {@code manifest} is the last good one, {@code stamp} the last content that was tried. */
    private record Seen(Stamp stamp, Manifest manifest) {}

    private final Path file;
    private final AtomicReference<Seen> seen = new AtomicReference<>(new Seen(null, null));

    LiveManifest(Path file) {
        this.file = file;
    }

    /**
     * The manifest as it is now.
     *
     * @throws GranaryException EXTERNAL when there has never been a readable one
     */
    Manifest current() {
        Seen last = seen.get();
        Stamp now = stamp();
        if (now != null && !Objects.equals(now, last.stamp())) {
            last = reload(now);
        }
        if (last.manifest() == null) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "no readable manifest yet, so no counter and no report is known. Run `granary compile`.");
        }
        return last.manifest();
    }

    private synchronized Seen reload(Stamp now) {
        Seen last = seen.get();
        if (Objects.equals(now, last.stamp())) {
            return last;
        }
        Manifest manifest = last.manifest();
        try {
            manifest = Manifest.read(file);
            LOG.info("manifest {} read, hash {}", file, manifest.hash());
        } catch (GranaryException | NullPointerException e) {
            LOG.warn("manifest {} not usable, the one before stays: {}", file, e.toString());
        }
        Seen next = new Seen(now, manifest);
        seen.set(next);
        return next;
    }

    private Stamp stamp() {
        try {
            return Stamp.of(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            LOG.warn("cannot look at {}: {}", file, e.toString());
            return null;
        }
    }
}
