package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.FileLines;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.JoinedLines;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which lines a counter has counted, and how, by its query's checkpoint.
 *
 * @param counted the counter, with the condition on the time of events from which it counts
 * @param before lines that its query had counted when the counter began, and that it does not count
 * @param replayed lines that were counted for it out of the past, and the dimensions they were joined to: those of its
 *     batches up to then, and of a counter with {@code --from} sealed lines that no batch had
 * @param changes the marks before each change of a dimension
 */
public record CounterPast(ZonedCounter counted, Map<FileKey, Intervals> before, Marks replayed, List<Marks> changes) {
    private static final String FOLDER = "replayed";

    /**
     * Lines that were joined to the same versions.
     *
     * @param versions by table, {@code ds=<day> <run id>}
     */
    public record Joined(Map<FileKey, Intervals> lines, Map<String, String> versions) {}

    /** Of a counter that counts every line of its query. */
    public static CounterPast all(ZonedCounter counter) {
        return new CounterPast(counter, Map.of(), Marks.NONE, List.of());
    }

    /** @throws GranaryException when the checkpoint has no numbers for the counter as it is defined now */
    public static CounterPast of(Checkpoint checkpoint, ZonedCounter counter) {
        Optional<CounterBook> book = checkpoint.value(CounterBook.FILE, CounterBook.class);
        if (book.isEmpty()) {
            return new CounterPast(counter, Map.of(), Marks.NONE, JoinedLines.of(checkpoint));
        }
        String name = counter.node().qualifiedName();
        CounterStart start = book.get().counters().get(name);
        check(name, start, counter);
        Map<FileKey, Intervals> before = checkpoint
                .value(Definitions.marksOf(start.batch()), Marks.class)
                .map(Marks::counted)
                .orElse(Map.of());
        Marks replayed = checkpoint.value(file(name), Marks.class).orElse(Marks.NONE);
        return new CounterPast(Definitions.counted(counter, book.get()), before, replayed, JoinedLines.of(checkpoint));
    }

    private static void check(String name, CounterStart start, ZonedCounter counter) {
        if (start == null) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "counter " + name + " is defined and not counted yet: `granary restart streaming` begins with it.");
        }
        if (start.pending()) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "the past of counter " + name + " is yet to be counted (`granary counters` shows when it is).");
        }
        Definition.difference(start.definition(), Definition.parts(counter)).ifPresent(change -> {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "counter " + name + " is counted by another definition than it has now: " + change
                            + ". `granary restart streaming` says what to do.");
        });
    }

    /** Lines of which this counter may have rows in Redis, when its query has counted those of {@code marks}. */
    public Map<FileKey, Intervals> read(Marks marks) {
        return FileLines.either(marks.counted(), replayed.counted());
    }

    /** The same by what they were joined to; each line once. Lines of files that are forgotten are in none. */
    public List<Joined> joined(Marks marks) {
        List<Joined> joined = new ArrayList<>();
        Map<FileKey, Intervals> done = replayed.counted();
        if (!done.isEmpty()) {
            joined.add(new Joined(done, replayed.dimensions()));
        }
        List<Marks> all = new ArrayList<>(changes.stream()
                .filter(change -> change.batch() < marks.batch() && change.batch() > replayed.batch())
                .toList());
        all.add(marks);
        for (Marks of : all) {
            Map<FileKey, Intervals> lines = FileLines.minus(of.counted(), done);
            if (!lines.isEmpty()) {
                joined.add(new Joined(lines, of.dimensions()));
                done = FileLines.either(done, lines);
            }
        }
        return joined;
    }

    /** Notes what a replay counts for some counters, before Redis says so. */
    static void keep(
            Checkpoint checkpoint,
            Collection<String> counters,
            Marks marks,
            Map<FileKey, Intervals> lines,
            Map<String, String> dimensions) {
        List<Marks.FileMark> files = lines.entrySet().stream()
                .map(f -> new Marks.FileMark(
                        f.getKey().region(),
                        f.getKey().host(),
                        f.getKey().file(),
                        f.getValue().pairs(),
                        0))
                .toList();
        Marks replayed = new Marks(marks.batch(), marks.offsets(), files, dimensions);
        counters.forEach(name -> checkpoint.keep(file(name), replayed));
    }

    static String file(String counter) {
        return FOLDER + "/" + counter + ".json";
    }
}
