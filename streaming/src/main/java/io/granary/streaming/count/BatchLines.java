package io.granary.streaming.count;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.count.Known.RecordId;
import io.granary.streaming.count.RecordFacts.Chunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which lines the chunks of a batch have. Each task counts a line once, but of the others' chunks it knows nothing. */
record BatchLines(List<List<Chunk>> byTask) {
    /** All of them, by file. */
    Map<FileKey, Intervals> all() {
        Map<FileKey, Intervals> all = new HashMap<>();
        byTask.forEach(chunks -> add(chunks, all));
        return all;
    }

    Set<FileKey> files() {
        return byTask.stream().flatMap(List::stream).map(Chunk::file).collect(Collectors.toSet());
    }

    private static void add(List<Chunk> chunks, Map<FileKey, Intervals> to) {
        chunks.forEach(c -> to.computeIfAbsent(c.file(), f -> new Intervals()).add(c.start(), c.end()));
    }

    /** Whether a line of the batch is among these. */
    boolean meet(Map<FileKey, Intervals> counted) {
        return byTask.stream()
                .flatMap(List::stream)
                .anyMatch(c -> counted.containsKey(c.file())
                        && !counted.get(c.file()).within(c.start(), c.end()).isEmpty());
    }

    /** Whether a line that was not counted before came to two tasks. */
    boolean isDoubled(Map<FileKey, Intervals> counted) {
        Map<FileKey, Intervals> taken = new HashMap<>();
        for (List<Chunk> chunks : byTask) {
            Map<FileKey, Intervals> ofTask = new HashMap<>();
            add(chunks, ofTask);
            for (Map.Entry<FileKey, Intervals> file : ofTask.entrySet()) {
                Intervals fresh = file.getValue().minus(counted.getOrDefault(file.getKey(), new Intervals()));
                Intervals others = taken.computeIfAbsent(file.getKey(), f -> new Intervals());
                if (others.meets(fresh)) {
                    return true;
                }
                others.addAll(fresh);
            }
        }
        return false;
    }

    /** Of every chunk the lines that it must leave out so that each line is counted by one; in the order of the records. */
    Map<RecordId, Intervals> plan(Map<FileKey, Intervals> counted) {
        List<Chunk> chunks = new ArrayList<>();
        byTask.forEach(chunks::addAll);
        chunks.sort(Comparator.comparingInt(Chunk::partition).thenComparingLong(Chunk::offset));
        Map<FileKey, Intervals> before = new HashMap<>();
        Map<RecordId, Intervals> plan = new HashMap<>();
        for (Chunk chunk : chunks) {
            Intervals known =
                    before.computeIfAbsent(chunk.file(), f -> new Intervals(counted.getOrDefault(f, new Intervals())));
            plan.put(new RecordId(chunk.partition(), chunk.offset()), known.within(chunk.start(), chunk.end()));
            known.add(chunk.start(), chunk.end());
        }
        return plan;
    }
}
