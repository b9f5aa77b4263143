package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Looks at the folders of one source: which files are there, under which names, and which of them are new. */
final class Sightings {
    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed;
    private final ChunkReader reader;
    private final Departures departures;
    private final ReadTroubles troubles;
    private final Complaints complaints;
    private boolean whole;

    Sightings(
            TailSettings settings,
            Generations generations,
            Followed followed,
            ChunkReader reader,
            Departures departures,
            ReadTroubles troubles,
            Complaints complaints) {
        this.settings = settings;
        this.generations = generations;
        this.followed = followed;
        this.reader = reader;
        this.departures = departures;
        this.troubles = troubles;
        this.complaints = complaints;
    }

    /** Lists what is there now; says of a path whether it may be in a folder that could not be listed. */
    Predicate<Path> look(Instant now) {
        Map<Path, IOException> unreadable = new HashMap<>();
        Map<Object, FileSet> seen = new HashMap<>();
        for (FileSet files : settings.files()) {
            Glob.Listing listing = files.glob().paths();
            unreadable.putAll(listing.unreadable());
            report(files, listing, now);
            listing.paths().forEach(path -> see(files, path, seen, now));
        }
        whole = unreadable.isEmpty();
        return path -> unreadable.keySet().stream().anyMatch(path::startsWith);
    }

    /** Whether the last look could list every folder. */
    boolean isWhole() {
        return whole;
    }

    private void report(FileSet files, Glob.Listing listing, Instant now) {
        listing.unreadable().forEach((folder, e) -> troubles.unreadable(folder, e, now));
        if (listing.paths().isEmpty() && listing.unreadable().isEmpty() && !files.isByName()) {
            complaints.say(
                    now,
                    "no file matches " + files.described() + " of " + settings.source() + " yet"
                            + (listing.missing() == null ? "" : ": there is no " + listing.missing()));
        }
    }

    private void see(FileSet files, Path path, Map<Object, FileSet> seen, Instant now) {
        try {
            Inode.Sight sight = Inode.look(path);
            Object key = files.isByName() ? FileSet.nameOf(path) : sight.inode();
            Tail tail = followed.at(key).orElse(null);
            if (!sight.isFile()
                    || tail == null
                            && sight.size() == 0
                            && generations.in(sight.inode()).isEmpty()) {
                return;
            }
            if (isRead(path, files, seen.putIfAbsent(key, files), now)) {
                return;
            }
            if (tail == null) {
                followed.add(new Tail(files, sight.inode(), path, now));
                return;
            }
            if (!path.equals(tail.path()) && isStillAt(tail, key)) {
                return; // a second name of the same file, such as a symbolic link to it
            }
            if (!tail.isOpen() && isReused(tail, path, sight)) {
                departures.end(tail, now);
                followed.add(new Tail(files, sight.inode(), path, now));
                return;
            }
            tail.list(path, now);
            tail.sized(sight.size(), now);
        } catch (NoSuchFileException e) {
            // It was rotated between two looks; the next scan sees where it went.
        } catch (IOException e) {
            troubles.unreadable(path, e, now);
        }
    }

    /** Whether a file is read for other files of the source already. */
    private boolean isRead(Path path, FileSet files, FileSet first, Instant now) {
        if (first == null || first.equals(files)) {
            return false;
        }
        complaints.say(
                now,
                path + " of " + settings.source() + " matches both " + first.described() + " and " + files.described()
                        + "; it is read for the first only. Change one of the two.");
        return true;
    }

    /** Whether a file that was read to its end and closed was removed, and another one has got its inode. */
    private boolean isReused(Tail tail, Path path, Inode.Sight sight) throws IOException {
        if (tail.files().isByName()
                || tail.file() == null
                || path.equals(tail.path()) && !tail.position().rotated()) {
            return false;
        }
        if (path.equals(tail.path()) && sight.size() == tail.size()) {
            return false;
        }
        try (var channel = Kinship.open(path, sight.inode())) {
            return !reader.isContinued(
                    channel, tail.position().offset(), tail.position().trail());
        }
    }

    private static boolean isStillAt(Tail tail, Object key) {
        Inode.Sight sight = Kinship.look(tail.path());
        return sight != null && key.equals(tail.files().isByName() ? FileSet.nameOf(tail.path()) : sight.inode());
    }

    /** {@code access.log.1} beside {@code access.log} was rotated, even if nobody saw it happen. */
    void markRotated(Instant now) {
        Set<Path> names = new HashSet<>();
        List<Tail> listed = followed.all().stream().filter(Tail::isListed).toList();
        listed.forEach(t -> names.add(t.path()));
        for (Tail tail : listed) {
            String name = tail.path().getFileName().toString();
            for (int i = name.length() - 1; i > 0 && !tail.position().rotated(); i--) {
                if (".-_".indexOf(name.charAt(i)) >= 0
                        && names.contains(tail.path().resolveSibling(name.substring(0, i)))) {
                    tail.rotated(tail.path(), now);
                }
            }
        }
    }
}
