package io.granary.ingestion.flume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Gives a file whose first line is known its id: that of the generation it goes on with, or a new one. A file that may
 * be a copy of one that is read waits.
 */
final class Arrivals {
    /** How long a file may grow to what it is thought to be a copy of. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    /** What a file is to a generation that begins alike. */
    private enum Kin {
        /** Another log. */
        NONE,
        /** A copy of what is read from another file. */
        COPY,
        /** It cannot be told yet. */
        PERHAPS,
        /** The same log, here now. */
        SAME
    }

    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed;
    private final Succession succession;
    private final Kinship kinship;
    private final ChunkReader reader;

    Arrivals(
            TailSettings settings,
            Generations generations,
            Followed followed,
            Succession succession,
            ChunkReader reader) {
        this.settings = settings;
        this.generations = generations;
        this.followed = followed;
        this.succession = succession;
        this.kinship = new Kinship(reader);
        this.reader = reader;
    }

    /** An ingested file is known by its name. */
    void ingested(Tail tail) {
        String id = FileSet.nameOf(tail.path());
        take(tail, id, generations.has(id) ? generations.get(id) : generations.start(id, tail.path()));
    }

    /** A file with this first line; afterwards it has an id, or it is held. */
    void begin(Tail tail, String hash, Instant now) throws IOException {
        Optional<String> same = tail.wasCut() ? Optional.empty() : generations.latest(tail.inode(), hash);
        if (same.isPresent() && isResumed(tail, same.get())) {
            take(tail, same.get(), generations.get(same.get()));
            return;
        }
        for (String id : generations.beginning(hash)) {
            if (!generations.has(id) || isOwn(id, tail)) {
                continue;
            }
            switch (kin(tail, id, now)) {
                case SAME -> {
                    followed.reading(id).ifPresent(this::leave);
                    succession.adopt(tail, id);
                    return;
                }
                case COPY -> {
                    generations.copied(tail.inode(), tail.path(), hash, id, tail.size());
                    tail.hold(true);
                    return;
                }
                case PERHAPS -> {
                    tail.hold(true);
                    return;
                }
                case NONE -> {
                    if (tail.file() != null) {
                        return; // looking at the other file showed that this one goes on with it
                    }
                }
            }
        }
        Optional<String> copy = generations.copyIn(tail.inode());
        if (copy.isPresent() && generations.get(copy.get()).offset() == tail.size()) {
            tail.hold(true); // it is still what was found to be a copy
            return;
        }
        copy.ifPresent(generations::remove);
        String id = generations.unused(tail.inode(), hash);
        take(tail, id, generations.start(id, tail.path()));
    }

    private void take(Tail tail, String id, Position from) {
        tail.begin(id, from);
        followed.named(tail);
        generations.put(id, tail.position());
    }

    private void leave(Tail old) {
        followed.remove(old);
        try {
            old.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isResumed(Tail tail, String id) throws IOException {
        Position position = generations.get(id);
        return position.copyOf() == null
                && followed.reading(id).isEmpty()
                && !succession.isLost(id)
                && !(position.gone() && position.trail().length() == 0) // it ended with a loss
                && reader.isContinued(tail.channel(), position);
    }

    private boolean isOwn(String id, Tail tail) {
        return Generations.inode(id, generations.get(id))
                .filter(tail.inode()::equals)
                .isPresent();
    }

    private Kin kin(Tail tail, String id, Instant now) throws IOException {
        Position other = generations.get(id);
        if (!tail.path().getParent().equals(other.path().getParent())
                || other.offset() > 0 && other.trail().length() == 0
                || succession.isLost(id)) {
            return Kin.NONE;
        }
        Optional<Tail> reading = followed.reading(id);
        if (reading.isPresent() && !reading.get().isVanished()) {
            return copy(tail, reading.get(), now);
        }
        if (reading.isEmpty() && isThere(id, other)) {
            return Kin.PERHAPS; // a copy of it, when it has its id again
        }
        if (other.offset() > 0) {
            return returned(tail, other, reading, now);
        }
        // the channel is not known to have taken any of it, but an agent that was killed may have sent some
        boolean isOne = reading.isEmpty() && isLikelyCopy(tail, other) && reader.mayContinue(tail.channel(), other);
        return isOne ? Kin.SAME : Kin.NONE;
    }

    /** Whether a file that begins as another one did bears its name with a suffix, and begins with more than a heading. */
    private boolean isLikelyCopy(Tail tail, Position other) throws IOException {
        return Kinship.isBeside(tail.path(), other.path()) && !kinship.beginsWithDirective(tail.channel());
    }

    /** Whether a generation's own file is there, and only has not got its id again. */
    private boolean isThere(String id, Position other) throws IOException {
        Optional<Tail> own = Generations.inode(id, other).flatMap(followed::at);
        if (own.isEmpty() || own.get().file() != null) {
            return false;
        }
        own.get().open();
        FileChannel channel = own.get().channel();
        String hash = GenerationId.parse(id).orElseThrow().hash();
        return reader.isContinued(channel, other)
                && reader.firstLineHash(channel, false).filter(hash::equals).isPresent();
    }

    /** A file beside one that is read. */
    private Kin copy(Tail tail, Tail original, Instant now) throws IOException {
        if (!Kinship.isBeside(tail.path(), original.path())) {
            return Kin.NONE;
        }
        original.open();
        // before the look whether it is cut: if that happens in between, this says "a copy" or the next line "cut"
        boolean isStart = kinship.isStartOf(tail.channel(), original.channel());
        if (isCut(original)) {
            if (!original.isAhead()) {
                succession.cut(original, now);
            }
            return original.isAhead() ? Kin.PERHAPS : Kin.NONE;
        }
        if (!isStart) {
            return Kin.NONE;
        }
        if (kinship.isTelling(tail.channel(), tail.channel().size()) || isYoung(tail, settings.close(), now)) {
            return Kin.COPY;
        }
        generations.copyIn(tail.inode()).ifPresent(generations::remove);
        return Kin.NONE;
    }

    private boolean isCut(Tail original) throws IOException {
        Position read = original.cursor().read();
        return !reader.isContinued(original.channel(), read.offset(), read.trail());
    }

    /** A file that looks like one that is no longer there. */
    private Kin returned(Tail tail, Position other, Optional<Tail> reading, Instant now) throws IOException {
        if (reading.filter(t -> t.movedTo() != null).isPresent()) {
            return Kin.NONE; // that one is still there under another name
        }
        boolean sameName = !other.rotated() && tail.path().equals(other.path());
        if (tail.channel().size() < other.offset()) {
            boolean mayBe = reading.filter(Tail::isOpen).isPresent()
                    ? kinship.isStartOf(tail.channel(), reading.get().channel())
                    : sameName;
            return mayBe && isYoung(tail, SETTLE, now) ? Kin.PERHAPS : Kin.NONE;
        }
        boolean isContinued =
                sameName ? reader.isContinued(tail.channel(), other) : reader.mayContinue(tail.channel(), other);
        if (!isContinued
                || !sameName && !isLikelyCopy(tail, other) && !kinship.isTelling(tail.channel(), other.offset())) {
            return Kin.NONE;
        }
        return reading.filter(Tail::hasUnread).isPresent() ? Kin.PERHAPS : Kin.SAME;
    }

    private static boolean isYoung(Tail tail, Duration age, Instant now) {
        return now.isBefore(tail.firstSeen().plus(age)) && !now.isBefore(tail.firstSeen());
    }
}
