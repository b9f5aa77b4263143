package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counters as they are defined now, against those that the checkpoint knows. */
public final class Definitions {
    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);

    private static final String SINCE = "since";

    private final Checkpoint checkpoint;
    private final Map<String, ZonedCounter> counters = new LinkedHashMap<>();

    public Definitions(StreamQuery query, Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        query.models()
                .forEach(m -> m.counters().forEach(c -> counters.put(c.node().qualifiedName(), c)));
    }

    /**
     * Finds changes with which the numbers in Redis would mean two things.
     *
     * @throws GranaryException that names counter, file and change, and the command that begins it anew
     */
    public void check() {
        Map<String, CountRequest> requests = requests();
        known().ifPresent(book -> counters.forEach((name, counter) -> {
            CounterStart start = book.counters().get(name);
            if (start != null && !requests.containsKey(name)) {
                Definition.difference(start.definition(), Definition.parts(counter))
                        .ifPresent(change -> {
                            throw changed(name, counter, start.begin(), change);
                        });
            }
        }));
    }

    private static GranaryException changed(String name, ZonedCounter counter, long since, String change) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "counter " + name + " (" + StreamQuery.file(counter.node())
                        + ") has changed so that its numbers in Redis mean something else: "
                        + change + ". Put the definition back, or let it be counted anew, with its past (from any"
                        + " time on): `" + command(name, counter, since) + "`, or without: `granary counters count "
                        + name
                        + " --from now`. Then start streaming again: `granary restart streaming`, on YARN `granary"
                        + " submit streaming`.");
    }

    /** The command that counts a counter with its past. */
    private static String command(String name, ZonedCounter counter, long since) {
        Instant begin = since == 0 ? Instant.now().minus(CounterNode.TTL) : Instant.ofEpochMilli(since);
        return "granary counters count " + name + " --from "
                + begin.atZone(counter.zone()).toLocalDate();
    }

    /**
     * The counters that this query no longer has, and of which it may have keys.
     *
     * @return by name, since when each has counted, epoch milliseconds; 0: nobody knows
     */
    public Map<String, Long> gone() {
        Map<String, Long> gone = new TreeMap<>();
        known().ifPresent(book -> {
            book.removed().forEach(name -> gone.put(name, 0L));
            book.counters().forEach((name, start) -> gone.put(name, start.begin()));
        });
        gone.keySet().removeAll(counters.keySet());
        return gone;
    }

    /**
     * A counter that another query has counted until now is as one with another {@code from}.
     *
     * @param elsewhere what other queries have counted and do not count any more ({@link #gone})
     * @throws GranaryException as {@link #check}
     */
    public void checkMoved(Map<String, Long> elsewhere) {
        Map<String, CountRequest> requests = requests();
        counters.forEach((name, counter) -> {
            if (elsewhere.containsKey(name) && !requests.containsKey(name) && !isPending(name)) {
                throw changed(
                        name,
                        counter,
                        elsewhere.get(name),
                        "it was counted over another log and is over "
                                + counter.node().from());
            }
        });
    }

    /** Leaves counters to another query, which removes their keys when it begins with them. */
    public void leave(Set<String> moved) {
        known().filter(book -> book.names().stream().anyMatch(moved::contains)).ifPresent(book -> {
            Map<String, CounterStart> rest = new TreeMap<>(book.counters());
            rest.keySet().removeAll(moved);
            TreeSet<String> removed = new TreeSet<>(book.removed());
            removed.removeAll(moved);
            checkpoint.keep(CounterBook.FILE, new CounterBook(rest, new ArrayList<>(removed)));
        });
    }

    private boolean isPending(String name) {
        return known().map(book -> book.counters().get(name))
                .filter(CounterStart::pending)
                .isPresent();
    }

    /**
     * Takes over what is new, gone and asked for; in the checkpoint when it returns.
     *
     * @throws GranaryException as {@link #check}
     */
    public CounterBook take(Instant now) {
        check();
        Map<String, CountRequest> requests = requests();
        Optional<CounterBook> known = known();
        long newest = checkpoint.newest();
        Map<String, CounterStart> next = new TreeMap<>();
        counters.forEach((name, counter) -> {
            CounterStart before = known.map(book -> book.counters().get(name)).orElse(null);
            if (requests.containsKey(name) || before == null) {
                checkpoint.remove(CounterPast.file(name));
            }
            next.put(
                    name,
                    requests.containsKey(name) || before == null
                            ? begin(name, counter, requests.get(name), known, newest, now)
                            : new CounterStart(
                                    Definition.parts(counter),
                                    before.batch(),
                                    before.from(),
                                    before.since(),
                                    before.pending()));
        });
        TreeSet<String> removed = new TreeSet<>();
        known.ifPresent(book -> removed.addAll(book.names()));
        removed.removeAll(counters.keySet());
        CounterBook book = new CounterBook(next, new ArrayList<>(removed));
        // before the book, which names it
        if (next.values().stream().anyMatch(start -> start.batch() == newest && newest >= 0)) {
            checkpoint.marks(newest).ifPresent(marks -> checkpoint.keep(marksOf(newest), marks));
        }
        if (!Optional.of(book).equals(known)) {
            checkpoint.keep(CounterBook.FILE, book);
        }
        requests.keySet().forEach(name -> checkpoint.remove(CountRequest.file(name)));
        Set<String> used =
                next.values().stream().map(start -> marksOf(start.batch())).collect(Collectors.toSet());
        checkpoint.names(SINCE).stream()
                .map(name -> SINCE + "/" + name)
                .filter(name -> !used.contains(name))
                .forEach(checkpoint::remove);
        return book;
    }

    private CounterStart begin(
            String name,
            ZonedCounter counter,
            CountRequest request,
            Optional<CounterBook> known,
            long newest,
            Instant now) {
        Map<String, String> definition = Definition.parts(counter);
        if (request != null) {
            LOG.info("{} is counted anew, as was asked for", name);
            long batch = request.from() == null ? newest : -1;
            return new CounterStart(definition, batch, request.from(), now.toEpochMilli(), true);
        }
        if (known.isPresent()) {
            LOG.info(
                    "{} is new and counts the lines that come from now on{}. To count its past: `{}`, then start again",
                    name,
                    twin(definition, known.get(), counters.keySet())
                            .map(twin -> "; it is defined as " + twin + " was, which is removed")
                            .orElse(""),
                    command(name, counter, 0));
            // it may have been taken out and put back before its keys were removed
            boolean hasKeys = known.get().removed().contains(name);
            return new CounterStart(definition, newest, null, now.toEpochMilli(), hasKeys);
        }
        // a checkpoint that was begun without the book counts all that it finds, since nobody knows when
        return new CounterStart(definition, -1, null, newest < 0 ? now.toEpochMilli() : 0, false);
    }

    /** A counter that is gone and was defined the same: perhaps its earlier name. */
    private static Optional<String> twin(Map<String, String> definition, CounterBook known, Set<String> now) {
        return known.counters().entrySet().stream()
                .filter(c ->
                        !now.contains(c.getKey()) && c.getValue().definition().equals(definition))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Optional<CounterBook> known() {
        return checkpoint.value(CounterBook.FILE, CounterBook.class);
    }

    /** By counter. */
    private Map<String, CountRequest> requests() {
        Map<String, CountRequest> requests = new TreeMap<>();
        for (String name : checkpoint.names(CountRequest.FOLDER)) {
            checkpoint
                    .value(CountRequest.FOLDER + "/" + name, CountRequest.class)
                    .ifPresent(request -> requests.put(request.counter(), request));
        }
        return requests;
    }

    /** The marks as they stood when a counter began to count. */
    static String marksOf(long batch) {
        return SINCE + "/" + batch + ".json";
    }

    /** The same query, where a counter that counts from a time on counts nothing of before. */
    public static StreamQuery counted(StreamQuery query, CounterBook book) {
        return new StreamQuery(
                query.source(),
                query.models().stream()
                        .map(m -> new CountedModel(
                                m.model(),
                                m.counters().stream().map(c -> counted(c, book)).toList()))
                        .toList());
    }

    static ZonedCounter counted(ZonedCounter counter, CounterBook book) {
        CounterStart start = book.counters().get(counter.node().qualifiedName());
        return start == null || start.from() == null ? counter : EventsFrom.of(counter, start.from());
    }
}
