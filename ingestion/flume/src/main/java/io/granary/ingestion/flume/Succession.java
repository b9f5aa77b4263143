package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which file goes on with which generation: finds what was cut in place, moved, restored or compressed, and says what is
 * lost.
 */
final class Succession {
    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed;
    private final Kinship kinship;
    private final ChunkReader reader;
    private final Complaints complaints;
    private final List<Loss> losses = new ArrayList<>();
    /** Generations whose file is not found, and since when and when last it was looked for. */
    private final Map<String, Search> missing = new LinkedHashMap<>();

    private record Search(Instant since, Instant last) {}

    Succession(
            TailSettings settings,
            Generations generations,
            Followed followed,
            ChunkReader reader,
            Complaints complaints) {
        this.settings = settings;
        this.generations = generations;
        this.followed = followed;
        this.reader = reader;
        this.kinship = new Kinship(reader);
        this.complaints = complaints;
    }

    /** Losses that the channel has not taken yet. */
    List<Loss> losses() {
        return List.copyOf(losses);
    }

    /** The channel has taken a loss: its generation ends. */
    void sent(Loss loss) {
        losses.remove(loss);
        generations.end(loss.id(), loss.after());
    }

    /** Whether a generation ends with a loss that is not sent yet. */
    boolean isLost(String id) {
        return losses.stream().anyMatch(loss -> loss.id().equals(id));
    }

    /** A generation's file has to be found. */
    void miss(String id, Instant now) {
        missing.putIfAbsent(id, new Search(now, Instant.MIN));
    }

    /** A file goes on with a generation. */
    void adopt(Tail tail, String id) {
        for (String copy : generations.in(tail.inode())) {
            if (generations.get(copy).copyOf() != null) {
                generations.remove(copy);
            }
        }
        missing.remove(id);
        Position from = generations.get(id);
        boolean moved = GenerationId.parse(id)
                .filter(g -> !g.inode().equals(tail.inode()) && tail.spool().isEmpty())
                .isPresent();
        tail.begin(id, from.in(moved ? tail.inode() : null));
        followed.named(tail);
        generations.put(id, tail.position());
    }

    /** The file of a tail is no longer what was read: its generation goes on in a copy, or ends with a loss. */
    void cut(Tail tail, Instant now) {
        String id = tail.file();
        Position position = tail.position();
        long seen = Math.max(tail.seen(), tail.copiedFrom());
        followed.unnamed(tail);
        tail.restart();
        if (id != null) {
            succeed(id, position, tail.inode(), tail.files(), seen, now);
        }
    }

    private void succeed(String id, Position position, Inode cut, FileSet files, long seen, Instant now) {
        Optional<Tail> heir = heir(id, position, cut, files, now);
        if (heir.isPresent()) {
            heir.get().standsFor(seen);
            adopt(heir.get(), id);
            return;
        }
        noteCopies(id, position, cut);
        if (seen <= position.offset() && (generations.isCopied(id) || position.rotated())) {
            generations.end(id, position);
            return;
        }
        lose(Loss.of(id, files.site(position.path()), position, seen), now);
    }

    /** Copies that end before what was read: they were made a moment before the cut, and hold nothing new. */
    private void noteCopies(String id, Position position, Inode cut) {
        String hash = GenerationId.parse(id).orElseThrow().hash();
        Position.Mark mark = position.mark();
        if (mark == null || mark.offset() == 0) {
            return;
        }
        Kinship.search(position.path().getParent(), path -> {
            Inode.Sight sight = Kinship.look(path);
            if (sight == null
                    || !sight.isFile()
                    || sight.size() < mark.offset()
                    || sight.inode().equals(cut)
                    || !Kinship.isBeside(path, position.path())
                    || !isUndecided(sight.inode())) {
                return false;
            }
            if (holds(path, sight.inode(), hash, mark)) {
                generations.copied(sight.inode(), path, hash, id, sight.size());
            }
            return false;
        });
    }

    private boolean isUndecided(Inode inode) {
        return followed.at(inode).filter(tail -> tail.file() != null).isEmpty();
    }

    private boolean holds(Path path, Inode inode, String hash, Position.Mark mark) {
        try (FileChannel channel = Kinship.open(path, inode)) {
            return !hasItsOwn(inode, channel) && kinship.holds(channel, hash, mark.offset(), mark.trail());
        } catch (IOException e) {
            return false;
        }
    }

    /** Notes that a generation ends with a loss. */
    void lose(Loss loss, Instant now) {
        missing.remove(loss.id());
        losses.add(loss);
        complaints.say(
                now,
                loss.position().path() + " of " + settings.source()
                        + " was cut in place (copytruncate?) and no copy of it was found. It was sent up to byte "
                        + loss.position().offset() + "; "
                        + (loss.lines() == 0
                                ? "what was written after that and before the cut, if anything, is lost."
                                : (loss.end() - loss.position().offset()) + " more bytes were seen and are lost, about "
                                        + loss.lines() + " lines.")
                        + " Rotate by renaming instead.");
    }

    /** A file beside the one that was read that holds the generation, packed or not. */
    private Optional<Tail> heir(String id, Position position, Inode not, FileSet files, Instant now) {
        String hash = GenerationId.parse(id).orElseThrow().hash();
        Path folder = position.path().getParent();
        Optional<Path> plain =
                Kinship.search(folder, path -> !Glob.isCompressed(path) && isHeir(path, hash, position, not, now));
        if (plain.isPresent()) {
            Inode.Sight sight = Kinship.look(plain.get());
            return sight == null
                    ? Optional.empty()
                    : Optional.of(follow(files, sight.inode(), plain.get(), position, now));
        }
        return Kinship.search(folder, path -> isPackedHeir(path, hash, position, now))
                .flatMap(path -> unpack(files, path, position, now));
    }

    private boolean isHeir(Path path, String hash, Position position, Inode not, Instant now) {
        Inode.Sight sight = Kinship.look(path);
        boolean unknown = position.offset() > 0 && position.trail().length() == 0;
        if (sight == null
                || unknown
                || !sight.isFile()
                || sight.inode().equals(not)
                || sight.size() < position.offset()) {
            return false;
        }
        if (!isUndecided(sight.inode())) {
            return false;
        }
        try (FileChannel channel = Kinship.open(path, sight.inode())) {
            return !hasItsOwn(sight.inode(), channel)
                    && kinship.holds(channel, hash, position.offset(), position.trail())
                    && (path.equals(position.path())
                            || Kinship.isBeside(path, position.path())
                            || kinship.isTelling(channel, position.offset()));
        } catch (IOException e) {
            complaints.say(now, "cannot read " + path + ", which may be a copy of " + position.path() + ": " + e);
            return false;
        }
    }

    /** Whether a file goes on with a generation that was read from it before. */
    private boolean hasItsOwn(Inode inode, FileChannel channel) throws IOException {
        for (String id : generations.in(inode)) {
            Position own = generations.get(id);
            if (own.copyOf() == null
                    && !own.gone()
                    && own.offset() > 0
                    && reader.isContinued(channel, own.offset(), own.trail())) {
                return true;
            }
        }
        return false;
    }

    private boolean isPackedHeir(Path path, String hash, Position position, Instant now) {
        String name = path.getFileName().toString();
        if (!name.endsWith(".gz")
                || !name.startsWith(stem(position.path()))
                || followed.at(path).isPresent()) {
            return false;
        }
        try {
            return Spool.holds(path, hash, position.offset(), position.trail(), reader.maxLineBytes());
        } catch (IOException e) {
            complaints.say(now, "cannot unpack " + path + ", which may hold " + position.path() + ": " + e);
            return false;
        }
    }

    /** What names of one log begin with: {@code access} of {@code access.log.1}. */
    private static String stem(Path path) {
        String name = path.getFileName().toString();
        int end = 1;
        while (end < name.length() && ".-_".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        return name.substring(0, end);
    }

    /** The file at a path; a name that is none of the source's is not kept as the generation's. */
    private Tail follow(FileSet files, Inode inode, Path path, Position position, Instant now) {
        return followed.at(inode).orElseGet(() -> {
            boolean isNamed = settings.files(path).isPresent();
            Tail tail = new Tail(files, inode, isNamed ? path : position.path(), now);
            if (!isNamed) {
                tail.vanish(path, now);
            }
            followed.add(tail);
            return tail;
        });
    }

    private Optional<Tail> unpack(FileSet files, Path packed, Position position, Instant now) {
        Path place =
                settings.positionFile().resolveSibling(settings.positionFile().getFileName() + ".spool");
        Spool spool = new Spool(packed, place, settings.spoolBytes());
        try {
            spool.unpack(position.offset(), position.trail().length());
            Tail tail = new Tail(files, spool, position.path(), now);
            followed.add(tail);
            return Optional.of(tail);
        } catch (IOException e) {
            complaints.say(now, "cannot unpack " + packed + " to go on with " + position.path() + ": " + e);
            return Optional.empty();
        }
    }

    /**
     * Looks for the files of generations that nobody follows. One that is not found for a while is given up.
     *
     * @param unseen whether a file may be in a folder that cannot be listed now
     */
    void resolve(Predicate<Path> unseen, Instant now) {
        for (Map.Entry<String, Search> entry : List.copyOf(missing.entrySet())) {
            String id = entry.getKey();
            Position position = generations.get(id);
            if (position == null
                    || position.gone()
                    || isLost(id)
                    || followed.reading(id).isPresent()) {
                missing.remove(id);
                continue;
            }
            Search search = entry.getValue();
            boolean recent = now.isBefore(search.last().plus(settings.close().dividedBy(20)));
            if (unseen.test(position.path()) || recent && !now.isBefore(search.last())) {
                continue;
            }
            missing.put(id, new Search(now.isBefore(search.since()) ? now : search.since(), now));
            find(id, position, missing.get(id).since(), now);
        }
    }

    private void find(String id, Position position, Instant since, Instant now) {
        Optional<FileSet> files = settings.files(position.path());
        Inode inode = Generations.inode(id, position).orElseThrow();
        if (files.isPresent()) {
            Optional<Tail> there = followed.at(inode);
            if (there.isPresent() && isStill(there.get(), position)) {
                return;
            }
            Optional<Path> moved = there.isPresent() ? Optional.empty() : moved(position, inode);
            if (moved.isPresent()) {
                follow(files.get(), inode, moved.get(), position, now);
                return;
            }
            Inode.Sight here = Kinship.look(position.path());
            if (!position.rotated() && here != null && here.inode().equals(inode)) {
                missing.remove(id);
                succeed(id, position, inode, files.get(), position.offset(), now); // cut to less than it was
                return;
            }
            Optional<Tail> heir = heir(id, position, inode, files.get(), now);
            if (heir.isPresent()) {
                adopt(heir.get(), id);
                return;
            }
            if (now.isBefore(since.plus(settings.close()))) {
                return;
            }
        }
        missing.remove(id);
        complaints.say(
                now,
                position.path() + " of " + settings.source() + " is gone since the last run, and no file holds what was"
                        + " read of it; it was sent up to byte " + position.offset());
        generations.end(id, position);
    }

    /** Where a file is under another name: its inode alone may be another file's by now. */
    Optional<Path> moved(Position position, Inode inode) {
        return Kinship.find(position.path().getParent(), inode)
                .filter(path -> !Glob.isCompressed(path))
                .filter(path -> {
                    try (FileChannel channel = Kinship.open(path, inode)) {
                        return reader.isContinued(channel, position.offset(), position.trail());
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    /** Whether a file that has no id yet may be the one; it tells itself when it has. */
    private boolean isStill(Tail tail, Position position) {
        try {
            tail.open();
            return tail.file() == null && reader.isContinued(tail.channel(), position.offset(), position.trail());
        } catch (IOException e) {
            return tail.file() == null;
        }
    }
}
