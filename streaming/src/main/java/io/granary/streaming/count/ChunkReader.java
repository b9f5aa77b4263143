package io.granary.streaming.count;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.count.FlumeEvent.Event;
import io.granary.streaming.count.Known.RecordId;
import io.granary.streaming.count.RecordFacts.Chunk;
import io.granary.streaming.topic.StreamRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Chunks of log lines as Flume's KafkaChannel writes them (docs/contracts.md, section 6). A line that was counted, by an
 * earlier batch or by this task, is left out; another task may have met the same file, which the batch finds out.
 */
final class ChunkReader implements RecordReader {
    private static final String CHUNK = "chunk";
    private static final String OVERSIZE = "oversize";

    private final Known known;
    private final Map<FileKey, Intervals> counted = new HashMap<>();
    private final Map<FileKey, FileKey> files = new HashMap<>();
    private final RecordFacts facts = new RecordFacts();

    ChunkReader(Known known) {
        this.known = known;
    }

    @Override
    public InternalRow read(StreamRecord record) {
        int partition = record.partition();
        long offset = record.offset();
        facts.read(partition, offset, record.value().length());
        try {
            Event event = FlumeEvent.parse(record.value());
            String kind = event.headers().getOrDefault("kind", CHUNK);
            if (kind.equals(OVERSIZE)) {
                oversize(partition, offset, event);
            }
            return kind.equals(CHUNK) ? chunk(partition, offset, event) : null;
        } catch (IllegalArgumentException e) {
            facts.poison(partition, offset, e.getMessage());
            return null;
        }
    }

    private InternalRow chunk(int partition, long offset, Event event) {
        Map<String, String> headers = event.headers();
        FileKey file = file(headers);
        UTF8String site = UTF8String.fromString(text(headers, "site"));
        long start = number(headers, "start");
        long end = number(headers, "end");
        long first = number(headers, "first_line");
        if (end - start != event.body().numBytes()) {
            throw new IllegalArgumentException("a chunk of bytes " + start + " to " + end + " has a body of "
                    + event.body().numBytes() + " bytes");
        }
        if (start == end) {
            return null;
        }
        Object collectedAt = headers.containsKey("collected_at") ? number(headers, "collected_at") * 1000 : null;
        long lines = headers.containsKey("lines") ? number(headers, "lines") : 0;
        // from here on it counts: nothing may be wrong with it any more
        add(new Chunk(partition, offset, file, start, end), lines);
        Intervals leftOut = leftOut(partition, offset, file, start, end);
        return leftOut.covers(start, end)
                ? null
                : new GenericInternalRow(new Object[] {
                    UTF8String.fromString(file.region()),
                    site,
                    UTF8String.fromString(file.host()),
                    UTF8String.fromString(file.file()),
                    start,
                    first,
                    collectedAt,
                    event.body(),
                    array(leftOut)
                });
    }

    /** A line that is too long for the agent counts nothing, and is told of once. */
    private void oversize(int partition, long offset, Event event) {
        FileKey file = file(event.headers());
        long start = number(event.headers(), "start");
        long end = number(event.headers(), "end");
        if (end - start < event.body().numBytes()) {
            throw new IllegalArgumentException("a line of bytes " + start + " to " + end + " begins with "
                    + event.body().numBytes() + " bytes");
        }
        // not among the lines that the headers tell of: it is none that could be counted twice
        add(new Chunk(partition, offset, file, start, end), 0);
        if (!leftOut(partition, offset, file, start, end).covers(start, end)) {
            facts.oversize();
        }
    }

    /** One whose lines all were counted before the batch is none that somebody has to know. */
    private void add(Chunk chunk, long lines) {
        facts.told(lines);
        Intervals marked = known.files().get(chunk.file());
        if (marked == null || !marked.covers(chunk.start(), chunk.end())) {
            facts.add(chunk);
        }
    }

    /** A task has many chunks of few files. */
    private FileKey file(Map<String, String> headers) {
        FileKey file = new FileKey(text(headers, "region"), text(headers, "host"), text(headers, "file"));
        return files.computeIfAbsent(file, f -> f);
    }

    private Intervals leftOut(int partition, long offset, FileKey file, long start, long end) {
        if (known.planned() != null) {
            // the plan has those chunks that have something to count
            Intervals planned = known.planned().get(new RecordId(partition, offset));
            return planned == null ? whole(start, end) : planned;
        }
        Intervals before = counted.computeIfAbsent(file, f -> {
            Intervals marked = known.files().get(f);
            return marked == null ? new Intervals() : new Intervals(marked);
        });
        Intervals leftOut = before.within(start, end);
        before.add(start, end);
        return leftOut;
    }

    private static Intervals whole(long start, long end) {
        Intervals whole = new Intervals();
        whole.add(start, end);
        return whole;
    }

    private static ArrayData array(Intervals intervals) {
        if (intervals.isEmpty()) {
            return null;
        }
        return new GenericArrayData(intervals.pairs().stream()
                .map(p -> new GenericInternalRow(new Object[] {p.get(0), p.get(1)}))
                .toArray());
    }

    private static String text(Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("header " + name + " of a chunk is missing");
        }
        return value;
    }

    private static long number(Map<String, String> headers, String name) {
        String text = text(headers, name);
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, as a negative one is
        }
        throw new IllegalArgumentException("header " + name + " of a chunk is '" + text + "', which is no such number");
    }

    @Override
    public RecordFacts facts() {
        return facts;
    }
}
