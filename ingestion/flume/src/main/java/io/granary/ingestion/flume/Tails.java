package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of one source: finds them, follows their renames, and knows every position. */
final class Tails {
    /** Positions of files that are gone are kept, so that a file that comes back is not sent again; but not for ever. */
    static final int GONE_KEPT = 1000;

    private final TailSettings settings;
    private final Complaints complaints;
    private final Map<String, Position> positions;
    private final Map<Object, Tail> tails = new LinkedHashMap<>();
    private boolean scanned;
    private boolean dirty;

    Tails(TailSettings settings, Map<String, Position> saved, Complaints complaints) {
        this.settings = settings;
        this.complaints = complaints;
        this.positions = new LinkedHashMap<>(saved);
        positions.replaceAll((file, position) -> position.within(file, settings.partitions()));
    }

    /** The open files, the one served longest ago first. */
    List<Tail> open() {
        return tails.values().stream().filter(Tail::isOpen).toList();
    }

    /** Puts a file behind the others. */
    void served(Tail tail) {
        Object key = key(tail);
        tails.remove(key);
        tails.put(key, tail);
    }

    /** Every position, of files that are gone too. */
    Map<String, Position> positions() {
        return positions;
    }

    /** Whether positions changed since the last call. */
    boolean changed() {
        boolean was = dirty;
        dirty = false;
        return was;
    }

    void save(Tail tail) {
        positions.put(tail.file(), tail.position());
        dirty = true;
    }

    /** Gives a file whose first line is known its id and its position. */
    void begin(Tail tail, String base) {
        String id = base;
        int generation = 1;
        while (positions.containsKey(numbered(base, generation + 1))) {
            generation++;
        }
        id = numbered(base, generation);
        Position known = positions.get(id);
        if (known != null && (tail.wasCut() || !tail.files().isByName() && known.offset() > tail.size())) {
            id = numbered(base, generation + 1);
            known = null;
        }
        tail.begin(id, known == null ? Position.start(id, tail.path(), settings.partitions()) : known);
        save(tail);
    }

    /** A file became shorter than what was read of it: it goes on as another generation. */
    void restart(Tail tail, Instant now) {
        if (tail.file() != null) {
            complaints.say(
                    now,
                    tail.path() + " was cut to nothing while it was read (copytruncate?). What was written after byte "
                            + tail.position().offset() + " and before the cut is lost. Rotate by renaming instead.");
            positions.put(tail.file(), tail.position().left());
            dirty = true;
        }
        tail.restart();
    }

    /** Looks at the folders once. A folder that cannot be listed leaves its files as they are. */
    void scan(Instant now) {
        tails.values().forEach(Tail::unlist);
        Set<FileSet> unseen = new HashSet<>();
        for (FileSet files : settings.files()) {
            try {
                List<Path> paths = files.glob().paths();
                if (paths.isEmpty() && !files.isByName()) {
                    complaints.say(now, "no file matches " + files.glob() + " of " + settings.source() + " yet");
                }
                paths.forEach(path -> see(files, path, now));
            } catch (IOException e) {
                unseen.add(files);
                complaints.say(now, "cannot list " + files.glob() + " of " + settings.source() + ": " + e);
            }
        }
        if (!scanned && unseen.isEmpty()) {
            findMoved(now);
            scanned = true;
        }
        markRotated(now);
        for (Tail tail : List.copyOf(tails.values())) {
            if (!tail.isListed() && !unseen.contains(tail.files())) {
                tail.rotated(tail.path(), now);
                forgetWhenDone(tail, now);
            } else if (tail.isOpen() && tail.isDone(now, settings.close())) {
                close(tail, now);
            }
        }
        for (Tail tail : tails.values()) {
            if (tail.file() != null && !tail.position().equals(positions.get(tail.file()))) {
                save(tail);
            }
        }
    }

    void closeAll() throws IOException {
        for (Tail tail : tails.values()) {
            tail.close();
        }
    }

    private void see(FileSet files, Path path, Instant now) {
        try {
            Inode.Sight sight = Inode.look(path);
            Object key = files.isByName() ? FileSet.nameOf(path) : sight.inode();
            Tail tail = tails.get(key);
            if (!sight.isFile() || tail == null && sight.size() == 0) {
                return;
            }
            if (tail == null) {
                tails.put(key, new Tail(files, sight.inode(), path, now));
                return;
            }
            if (!path.equals(tail.path()) && isStillAt(tail, key)) {
                return; // a second name of the same file, such as a symbolic link to it
            }
            tail.list(path, now);
            if (!tail.isOpen() && sight.size() > tail.position().offset()) {
                tail.open();
            }
        } catch (NoSuchFileException e) {
            // It was rotated between two looks; the next scan sees where it went.
        } catch (IOException e) {
            complaints.say(now, "cannot read " + path + " of " + settings.source() + ": " + e);
        }
    }

    private static boolean isStillAt(Tail tail, Object key) {
        try {
            Inode.Sight sight = Inode.look(tail.path());
            return key.equals(tail.files().isByName() ? FileSet.nameOf(tail.path()) : sight.inode());
        } catch (IOException e) {
            return false;
        }
    }

    /** Files that were renamed out of their glob while no agent ran: they stay in their folder under another name. */
    private void findMoved(Instant now) {
        positions.replaceAll((id, position) -> {
            if (position.gone() || byName(position.path())) {
                return Files.exists(position.path()) ? position : position.left();
            }
            String inode = id.split("-", 2)[0];
            if (isFollowed(inode)) {
                return position;
            }
            FileSet files = settings.files().stream()
                    .filter(f -> f.glob().matches(position.path()))
                    .findFirst()
                    .orElse(null);
            Optional<Path> found =
                    files == null ? Optional.empty() : find(position.path().getParent(), inode);
            if (found.isPresent()) {
                see(files, found.get(), now);
                return position;
            }
            complaints.say(
                    now, position.path() + " is gone since the last run; it was sent up to byte " + position.offset());
            return position.left();
        });
        dirty = true;
    }

    private boolean byName(Path path) {
        return settings.files().stream().anyMatch(f -> f.isByName() && f.glob().matches(path));
    }

    private boolean isFollowed(String inode) {
        return tails.values().stream().anyMatch(t -> t.inode().toString().equals(inode));
    }

    private static Optional<Path> find(Path folder, String inode) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Inode.Sight sight = Inode.look(entry);
                if (sight.isFile() && sight.inode().toString().equals(inode)) {
                    return Optional.of(entry);
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** {@code access.log.1} beside {@code access.log} was rotated, even if nobody saw it happen. */
    private void markRotated(Instant now) {
        Set<Path> names = new HashSet<>();
        tails.values().stream().filter(Tail::isListed).forEach(t -> names.add(t.path()));
        for (Tail tail : tails.values()) {
            String name = tail.path().getFileName().toString();
            for (int i = name.length() - 1; i > 0 && !tail.position().rotated() && tail.isListed(); i--) {
                if (".-_".indexOf(name.charAt(i)) >= 0
                        && names.contains(tail.path().resolveSibling(name.substring(0, i)))) {
                    tail.rotated(tail.path(), now);
                }
            }
        }
    }

    private void forgetWhenDone(Tail tail, Instant now) {
        if (!tail.isOpen() || tail.isDone(now, settings.close())) {
            close(tail, now);
            tails.remove(key(tail));
            if (tail.file() != null) {
                positions.remove(tail.file());
                positions.put(tail.file(), tail.position().left());
                dirty = true;
            }
            dropOldest();
        }
    }

    private void dropOldest() {
        long excess = positions.values().stream().filter(Position::gone).count() - GONE_KEPT;
        List<String> oldest = new ArrayList<>();
        positions.forEach((file, position) -> {
            if (position.gone() && oldest.size() < excess) {
                oldest.add(file);
            }
        });
        oldest.forEach(positions::remove);
    }

    private void close(Tail tail, Instant now) {
        try {
            tail.close();
        } catch (IOException e) {
            complaints.say(now, "cannot close " + tail.path() + ": " + e);
        }
    }

    private static Object key(Tail tail) {
        return tail.files().isByName() ? FileSet.nameOf(tail.path()) : tail.inode();
    }

    private static String numbered(String base, int generation) {
        return generation == 1 ? base : base + "-" + generation;
    }
}
