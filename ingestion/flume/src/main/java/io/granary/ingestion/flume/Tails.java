package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The files of one source: finds them, follows their renames, and serves what can be read of them. */
final class Tails {
    private final TailSettings settings;
    private final Complaints complaints;
    private final Generations generations;
    private final Followed followed = new Followed();
    private final ChunkReader reader;
    private final Succession succession;
    private final Arrivals arrivals;
    private final Set<Tail> rechecked = new HashSet<>();
    private boolean scanned;

    Tails(TailSettings settings, Generations generations, Complaints complaints) {
        this.settings = settings;
        this.complaints = complaints;
        this.generations = generations;
        this.reader = new ChunkReader(settings.chunkBytes(), settings.maxLineBytes());
        this.succession = new Succession(settings, generations, followed, reader, complaints);
        this.arrivals = new Arrivals(settings, generations, followed, succession, reader);
    }

    /** Every file that has an id, the one served longest ago first. */
    List<Tail> known() {
        return followed.all().stream().filter(tail -> tail.file() != null).toList();
    }

    /** Losses that the channel has not taken yet. */
    List<Loss> losses() {
        return succession.losses();
    }

    void sent(Loss loss) {
        succession.sent(loss);
    }

    /** The files of which a read may bring something now, the one served longest ago first. */
    List<Tail> ready(Instant now) {
        List<Tail> ready = new ArrayList<>();
        for (Tail tail : followed.all()) {
            if (isReady(tail, now)) {
                ready.add(tail);
            }
        }
        rechecked.clear();
        ready.removeIf(tail -> tail.file() == null || !tail.isOpen());
        return ready;
    }

    /** The next piece of a file; nothing when it has none now. */
    Optional<Piece> next(Tail tail, Instant now) {
        try {
            Optional<Piece> piece = tail.next(reader, now, settings.close());
            if (piece.isPresent()) {
                followed.served(tail);
            }
            return piece;
        } catch (CutInPlaceException e) {
            if (!tail.isAhead()) {
                succession.cut(tail, now);
            }
            return Optional.empty(); // what was read before is sent first; the next read finds the cut again
        } catch (IOException e) {
            unreadable(tail.path(), e, now);
            return Optional.empty();
        }
    }

    /** The channel has taken what was read of a file. */
    void commit(Tail tail) {
        tail.commit();
        if (tail.file() != null) {
            generations.put(tail.file(), tail.position());
        }
    }

    void closeAll() throws IOException {
        followed.closeAll();
    }

    private boolean isReady(Tail tail, Instant now) {
        try {
            boolean isNew = tail.file() == null && (!tail.isHeld() || rechecked.contains(tail));
            if (!tail.isOpen()) {
                if (!isNew && tail.size() == tail.position().offset()) {
                    return false;
                }
                tail.open();
            }
            if (tail.observe(now)) {
                succession.cut(tail, now);
                isNew = true;
            }
            if (isNew && tail.file() == null && tail.size() > 0) {
                identify(tail, now);
            }
            return tail.file() != null && tail.mayHaveLines(now, settings.close());
        } catch (IOException e) {
            unreadable(tail.path(), e, now);
            return false;
        }
    }

    private void identify(Tail tail, Instant now) throws IOException {
        if (tail.files().isByName()) {
            arrivals.ingested(tail);
            return;
        }
        Optional<String> hash = tail.identify(reader, now, settings.close());
        if (hash.isPresent()) {
            tail.hold(false);
            arrivals.begin(tail, hash.get(), now);
        }
    }

    /** Looks at the folders once. A folder that cannot be listed leaves its files as they are. */
    void scan(Instant now) {
        followed.all().forEach(tail -> {
            tail.unlist();
            tail.mark();
        });
        Map<Path, IOException> unreadable = new HashMap<>();
        Map<Object, FileSet> seen = new HashMap<>();
        for (FileSet files : settings.files()) {
            Glob.Listing listing = files.glob().paths();
            unreadable.putAll(listing.unreadable());
            report(files, listing, now);
            listing.paths().forEach(path -> see(files, path, seen, now));
        }
        Predicate<Path> unseen = path -> unreadable.keySet().stream().anyMatch(path::startsWith);
        if (!scanned) {
            Map.copyOf(generations.positions()).forEach((id, position) -> expect(id, position, now));
            scanned = unreadable.isEmpty();
        }
        markRotated(now);
        followed.all().forEach(tail -> look(tail, unseen, now));
        succession.resolve(unseen, now);
        closeExcess(now);
        for (Tail tail : known()) {
            generations.put(tail.file(), tail.position());
        }
    }

    /** A position of an earlier run: its file must be somewhere. */
    private void expect(String id, Position position, Instant now) {
        if (position.gone() || position.copyOf() != null || followed.reading(id).isPresent()) {
            return;
        }
        if (GenerationId.parse(id).isPresent()) {
            succession.miss(id, now);
        } else if (!Files.exists(position.path())) {
            generations.end(id, position);
        }
    }

    private void report(FileSet files, Glob.Listing listing, Instant now) {
        listing.unreadable().forEach((folder, e) -> unreadable(folder, e, now));
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
            FileSet first = seen.putIfAbsent(key, files);
            if (first != null && !first.equals(files)) {
                complaints.say(
                        now,
                        path + " of " + settings.source() + " matches both " + first.described() + " and "
                                + files.described() + "; it is read for the first only. Change one of the two.");
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
                end(tail, now);
                followed.add(new Tail(files, sight.inode(), path, now));
                return;
            }
            tail.list(path, now);
            tail.sized(sight.size(), now);
        } catch (NoSuchFileException e) {
            // It was rotated between two looks; the next scan sees where it went.
        } catch (IOException e) {
            unreadable(path, e, now);
        }
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
    private void markRotated(Instant now) {
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

    /** What follows from where a file is, or no longer is. */
    private void look(Tail tail, Predicate<Path> unseen, Instant now) {
        if (tail.isHeld()) {
            rechecked.add(tail);
        }
        if (tail.spool().isPresent()) {
            spooled(tail, tail.spool().get(), now);
        } else if (tail.isListed() || unseen.test(tail.path())) {
            if (tail.isOpen() && tail.isDone(now, settings.close())) {
                close(tail, now);
            }
        } else {
            gone(tail, now);
        }
    }

    private void gone(Tail tail, Instant now) {
        if (!tail.isVanished()) {
            Optional<Path> moved =
                    tail.files().isByName() ? Optional.empty() : succession.moved(tail.position(), tail.inode());
            tail.vanish(moved.orElse(null), now);
        }
        Inode.Sight sight = tail.isOpen() || tail.movedTo() == null ? null : Kinship.look(tail.movedTo());
        if (sight != null && sight.inode().equals(tail.inode())) {
            tail.sized(sight.size(), now);
        }
        boolean isNothing = tail.file() == null && (!tail.isOpen() || tail.isHeld() && tail.movedTo() == null);
        if (isNothing || tail.isDone(now, settings.close())) {
            if (tail.file() == null || !isLacking(tail, now)) {
                end(tail, now);
            }
        } else if (!tail.isOpen() && tail.file() != null && tail.movedTo() == null) {
            followed.remove(tail); // it was read to its end and closed; whoever holds the rest goes on with it
            succession.miss(tail.file(), now);
        }
    }

    /** A file that stands for one that was cut: what that had in excess of it is lost. */
    private boolean isLacking(Tail tail, Instant now) {
        if (tail.copiedFrom() <= tail.position().offset()) {
            return false;
        }
        followed.remove(tail);
        close(tail, now);
        succession.lose(Loss.of(tail.file(), tail.site(), tail.position(), tail.copiedFrom()), now);
        return true;
    }

    private void spooled(Tail tail, Spool spool, Instant now) {
        if (tail.isAhead() || tail.position().offset() < tail.size() && tail.mayHaveLines(now, settings.close())) {
            return;
        }
        try {
            if (spool.isLast()) {
                if (!isLacking(tail, now)) {
                    end(tail, now);
                }
            } else {
                ChunkReader.Followed from = tail.goesOnAt();
                spool.unpack(from.to(), from.trail().length());
                tail.reopen(spool.channel());
            }
        } catch (IOException e) {
            complaints.say(now, "cannot unpack " + spool.packed() + " of " + settings.source() + ": " + e);
        }
    }

    private void end(Tail tail, Instant now) {
        close(tail, now);
        followed.remove(tail);
        if (tail.file() != null) {
            generations.end(tail.file(), tail.position());
        }
        for (String id : generations.in(tail.inode())) {
            if (generations.get(id).copyOf() != null
                    && !Files.exists(generations.get(id).path())) {
                generations.remove(id);
            }
        }
    }

    /** Keeps the number of open files within bounds: closes those that are read to their end, and can be found again. */
    private void closeExcess(Instant now) {
        List<Tail> open = followed.all().stream().filter(Tail::isOpen).toList();
        int excess = open.size() - settings.maxOpenFiles();
        for (Tail tail : open) {
            if (excess > 0
                    && tail.isListed()
                    && tail.spool().isEmpty()
                    && !tail.isAhead()
                    && (tail.position().offset() >= tail.size() || tail.isHeld())) {
                close(tail, now);
                excess--;
            }
        }
    }

    private void close(Tail tail, Instant now) {
        try {
            tail.close();
        } catch (IOException e) {
            complaints.say(now, "cannot close " + tail.path() + ": " + e);
        }
    }

    private void unreadable(Path path, IOException e, Instant now) {
        String why = e instanceof AccessDeniedException
                ? "user " + System.getProperty("user.name") + " has no permission; let that user read it"
                : e.toString();
        String setting = settings.files(path)
                .map(FileSet::described)
                .orElseGet(() -> settings.files().stream()
                        .filter(f -> f.glob().toString().startsWith(path.toString()))
                        .findFirst()
                        .map(FileSet::described)
                        .orElse("its files"));
        complaints.say(now, "cannot read " + path + " of " + settings.source() + " (" + setting + "): " + why);
    }
}
