package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Files that left their glob, or are read to their end: closes them, and ends what nobody goes on with. */
final class Departures {
    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed;
    private final Succession succession;
    private final Heirs heirs;
    private final Complaints complaints;

    Departures(
            TailSettings settings,
            Generations generations,
            Followed followed,
            Succession succession,
            Heirs heirs,
            Complaints complaints) {
        this.settings = settings;
        this.generations = generations;
        this.followed = followed;
        this.succession = succession;
        this.heirs = heirs;
        this.complaints = complaints;
    }

    /** What follows from where a file is, or no longer is. */
    void look(Tail tail, Predicate<Path> unseen, Instant now) {
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
                    tail.files().isByName() ? Optional.empty() : heirs.moved(tail.position(), tail.inode());
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
                ChunkReader.Followed from = tail.cursor().goesOnAt();
                spool.unpack(from.to(), from.trail().length());
                tail.reopen(spool.channel());
            }
        } catch (IOException e) {
            complaints.say(now, "cannot unpack " + spool.packed() + " of " + settings.source() + ": " + e);
        }
    }

    void end(Tail tail, Instant now) {
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
    void closeExcess(Instant now) {
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
}
