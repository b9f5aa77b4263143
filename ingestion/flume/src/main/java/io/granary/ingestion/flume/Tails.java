package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The files of one source: what can be read of them now, and what a look at their folders changes. */
final class Tails {
    private final TailSettings settings;
    private final Generations generations;
    private final Followed followed = new Followed();
    private final ChunkReader reader;
    private final Succession succession;
    private final Arrivals arrivals;
    private final Sightings sightings;
    private final Departures departures;
    private final ReadTroubles troubles;
    private final Set<Tail> rechecked = new HashSet<>();
    private boolean scanned;

    Tails(TailSettings settings, Generations generations, Complaints complaints) {
        this.settings = settings;
        this.generations = generations;
        this.reader = new ChunkReader(settings.chunkBytes(), settings.maxLineBytes());
        Heirs heirs = new Heirs(settings, generations, followed, reader, complaints);
        this.succession = new Succession(settings, generations, followed, reader, heirs, complaints);
        this.arrivals = new Arrivals(settings, generations, followed, succession, reader);
        this.departures = new Departures(settings, generations, followed, succession, heirs, complaints);
        this.troubles = new ReadTroubles(settings, complaints);
        this.sightings = new Sightings(settings, generations, followed, reader, departures, troubles, complaints);
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
            troubles.unreadable(tail.path(), e, now);
            return Optional.empty();
        }
    }

    /** What is read of a file is noted before it is sent. */
    void noteSending(Tail tail) {
        tail.cursor().noteSending();
        generations.put(tail.file(), tail.position());
    }

    /** The channel has taken what was read of a file. */
    void commit(Tail tail) {
        tail.cursor().commit();
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
            troubles.unreadable(tail.path(), e, now);
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
            tail.cursor().mark();
        });
        Predicate<Path> unseen = sightings.look(now);
        if (!scanned) {
            Map.copyOf(generations.positions()).forEach((id, position) -> expect(id, position, now));
            scanned = sightings.isWhole();
        }
        sightings.markRotated(now);
        for (Tail tail : followed.all()) {
            if (tail.isHeld()) {
                rechecked.add(tail);
            }
            departures.look(tail, unseen, now);
        }
        succession.resolve(unseen, now);
        departures.closeExcess(now);
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
}
