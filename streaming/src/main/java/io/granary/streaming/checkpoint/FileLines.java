package io.granary.streaming.checkpoint;

import java.util.HashMap;
import java.util.Map;

/** Lines of many files: by file, the intervals in which their first bytes lie. */
public final class FileLines {
    private FileLines() {}

    /** What of the first is not in the second. */
    public static Map<FileKey, Intervals> minus(Map<FileKey, Intervals> all, Map<FileKey, Intervals> without) {
        Map<FileKey, Intervals> rest = new HashMap<>();
        all.forEach((file, lines) -> {
            Intervals left = lines.minus(without.getOrDefault(file, new Intervals()));
            if (!left.isEmpty()) {
                rest.put(file, left);
            }
        });
        return rest;
    }

    /** What is in both. */
    public static Map<FileKey, Intervals> both(Map<FileKey, Intervals> one, Map<FileKey, Intervals> other) {
        return minus(one, minus(one, other));
    }

    /** What is in one of them. */
    public static Map<FileKey, Intervals> either(Map<FileKey, Intervals> one, Map<FileKey, Intervals> other) {
        Map<FileKey, Intervals> all = new HashMap<>();
        one.forEach((file, lines) -> all.put(file, new Intervals(lines)));
        other.forEach(
                (file, lines) -> all.computeIfAbsent(file, f -> new Intervals()).addAll(lines));
        return all;
    }
}
