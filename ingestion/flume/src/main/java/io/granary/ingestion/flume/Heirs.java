package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Finds the file that goes on with a generation whose own was cut, moved, restored or compressed. */
final class Heirs {
    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed;
    private final ChunkReader reader;
    private final Kinship kinship;
    private final Complaints complaints;

    Heirs(
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

    /** A file beside the one that was read that holds the generation, packed or not. */
    Optional<Tail> of(String id, Position position, Inode not, FileSet files, Instant now) {
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
                    && reader.mayContinue(channel, position)
                    && reader.firstLineHash(channel, true).filter(hash::equals).isPresent()
                    && (path.equals(position.path())
                            ? reader.isContinued(channel, position)
                            : Kinship.isBeside(path, position.path()) || kinship.isTelling(channel, position.offset()));
        } catch (IOException e) {
            complaints.say(now, "cannot read " + path + ", which may be a copy of " + position.path() + ": " + e);
            return false;
        }
    }

    /** Whether a file goes on with a generation that was read from it before. */
    private boolean hasItsOwn(Inode inode, FileChannel channel) throws IOException {
        for (String id : generations.in(inode)) {
            Position own = generations.get(id);
            if (own.copyOf() == null && !own.gone() && own.offset() > 0 && reader.isContinued(channel, own)) {
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
            return Spool.holds(path, hash, position.known(), reader.maxLineBytes());
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
    Tail follow(FileSet files, Inode inode, Path path, Position position, Instant now) {
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

    /** Copies that end before what was read: they were made a moment before the cut, and hold nothing new. */
    void noteCopies(String id, Position position, Inode cut) {
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
            return !hasItsOwn(inode, channel) && kinship.holds(channel, hash, mark);
        } catch (IOException e) {
            return false;
        }
    }

    /** Where a file is under another name: its inode alone may be another file's by now. */
    Optional<Path> moved(Position position, Inode inode) {
        return Kinship.find(position.path().getParent(), inode)
                .filter(path -> !Glob.isCompressed(path))
                .filter(path -> {
                    try (FileChannel channel = Kinship.open(path, inode)) {
                        return reader.isContinued(channel, position);
                    } catch (IOException e) {
                        return false;
                    }
                });
    }
}
