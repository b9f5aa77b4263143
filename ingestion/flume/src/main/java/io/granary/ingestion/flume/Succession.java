package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Generations that lost their file: one that was cut in place or left goes on in an heir, or ends, perhaps with a loss. */
final class Succession {
    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed;
    private final ChunkReader reader;
    private final Complaints complaints;
    private final Heirs heirs;
    private final List<Loss> losses = new ArrayList<>();
    /** Generations whose file is not found, and since when and when last it was looked for. */
    private final Map<String, Search> missing = new LinkedHashMap<>();

    private record Search(Instant since, Instant last) {}

    Succession(
            TailSettings settings,
            Generations generations,
            Followed followed,
            ChunkReader reader,
            Heirs heirs,
            Complaints complaints) {
        this.settings = settings;
        this.generations = generations;
        this.followed = followed;
        this.reader = reader;
        this.heirs = heirs;
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
        Optional<Tail> heir = heirs.of(id, position, cut, files, now);
        if (heir.isPresent()) {
            heir.get().standsFor(seen);
            adopt(heir.get(), id);
            return;
        }
        heirs.noteCopies(id, position, cut);
        if (seen <= position.offset() && (generations.isCopied(id) || position.rotated())) {
            generations.end(id, position);
            return;
        }
        lose(Loss.of(id, files.site(position.path()), position, seen), now);
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
            Optional<Path> moved = there.isPresent() ? Optional.empty() : heirs.moved(position, inode);
            if (moved.isPresent()) {
                heirs.follow(files.get(), inode, moved.get(), position, now);
                return;
            }
            Inode.Sight here = Kinship.look(position.path());
            if (!position.rotated() && here != null && here.inode().equals(inode)) {
                missing.remove(id);
                succeed(id, position, inode, files.get(), position.offset(), now); // cut to less than it was
                return;
            }
            Optional<Tail> heir = heirs.of(id, position, inode, files.get(), now);
            if (heir.isPresent()) {
                adopt(heir.get(), id);
                return;
            }
            if (now.isBefore(since.plus(settings.close()))) {
                return;
            }
        }
        giveUp(id, position, now);
    }

    private void giveUp(String id, Position position, Instant now) {
        missing.remove(id);
        complaints.say(
                now,
                position.path() + " of " + settings.source() + " is gone since the last run, and no file holds what was"
                        + " read of it; it was sent up to byte " + position.offset());
        generations.end(id, position);
    }

    /** Whether a file that has no id yet may be the one; it tells itself when it has. */
    private boolean isStill(Tail tail, Position position) {
        try {
            tail.open();
            return tail.file() == null && reader.isContinued(tail.channel(), position);
        } catch (IOException e) {
            return tail.file() == null;
        }
    }
}
