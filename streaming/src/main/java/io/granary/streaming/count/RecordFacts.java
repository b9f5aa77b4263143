package io.granary.streaming.count;

import io.granary.streaming.checkpoint.FileKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the records of a task or a batch are, beside the lines in them. */
public final class RecordFacts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Poison records that are told one by one. */
    private static final int TOLD = 20;

    /** By Kafka partition, the next record to read. */
    private final Map<Integer, Long> offsets = new TreeMap<>();

    private int newestPartition = -1;
    private long next;

    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Poison> poison = new ArrayList<>();
    private long poisonCount;
    private long oversizeCount;
    private long told;
    private long records;
    private long bytes;

    /** A chunk's lines have their first bytes in {@code [start, end)} of its file. */
    record Chunk(int partition, long offset, FileKey file, long start, long end) implements Serializable {}

    /** A record that cannot be read; it counts nothing. */
    public record Poison(int partition, long offset, String reason) implements Serializable {}

    void read(int partition, long offset, int size) {
        records++;
        bytes += size;
        if (partition != newestPartition) {
            note();
            newestPartition = partition;
            next = 0;
        }
        next = Math.max(next, offset + 1);
    }

    /** A partition's records come one after the other: what changes with each stands outside of the map. */
    private void note() {
        if (newestPartition >= 0) {
            offsets.merge(newestPartition, next, Math::max);
        }
    }

    void add(Chunk chunk) {
        chunks.add(chunk);
    }

    /** Lines that a chunk's headers tell of. */
    void told(long lines) {
        told += lines;
    }

    void oversize() {
        oversizeCount++;
    }

    void poison(int partition, long offset, String reason) {
        poisonCount++;
        if (poison.size() < TOLD) {
            poison.add(new Poison(partition, offset, reason));
        }
    }

    /** Adds those of another task, but not its chunks. */
    void merge(RecordFacts other) {
        other.offsets().forEach((partition, after) -> offsets.merge(partition, after, Math::max));
        other.poison.stream().limit(TOLD - poison.size()).forEach(poison::add);
        poisonCount += other.poisonCount;
        oversizeCount += other.oversizeCount;
        told += other.told;
        records += other.records;
        bytes += other.bytes;
    }

    public Map<Integer, Long> offsets() {
        note();
        return offsets;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /** The first of them. */
    public List<Poison> poison() {
        return poison;
    }

    public long poisonCount() {
        return poisonCount;
    }

    /** Lines that the headers of all chunks tell of. */
    long told() {
        return told;
    }

    long oversizeCount() {
        return oversizeCount;
    }

    public long records() {
        return records;
    }

    public long bytes() {
        return bytes;
    }
}
