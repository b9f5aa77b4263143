package io.granary.streaming.store;

import io.granary.warehouse.redis.CounterKey;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys and arguments with which {@code apply.lua} is called for one slice. */
final class SliceScript {
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final List<String> expiries = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();

    private SliceScript() {}

    /** One call; {@code arguments} follow the keys. */
    record Call(List<String> keys, List<String> arguments) {}

    static Call of(String fence, Epoch epoch, long batch, int slice, int slices, List<Delta> deltas) {
        SliceScript script = new SliceScript();
        script.places.put(fence, 1);
        script.numbers(deltas);
        script.members(deltas, Delta.Kind.MEMBER, "s");
        script.members(deltas, Delta.Kind.SKETCH, "p");
        script.ranks(deltas);
        script.members(deltas, Delta.Kind.REMOVE, "d");
        List<String> arguments = new ArrayList<>(4 + script.expiries.size() + script.groups.size());
        arguments.add(epoch.toString());
        arguments.add(Long.toString(batch));
        arguments.add(Integer.toString(slice));
        arguments.add(Integer.toString(slices));
        arguments.addAll(script.expiries);
        arguments.addAll(script.groups);
        return new Call(List.copyOf(script.places.keySet()), arguments);
    }

    /** Numbers of one combination stand next to each other, its rows in front. */
    private void numbers(List<Delta> deltas) {
        for (int from = 0; from < deltas.size(); ) {
            Delta first = deltas.get(from);
            if (first.kind() != Delta.Kind.ADD) {
                from++;
                continue;
            }
            String by = first.by();
            boolean hasRows = first.field().length() == by.length() + 1;
            int to = from + 1;
            while (to < deltas.size() && isOf(deltas.get(to), first, by)) {
                to++;
            }
            List<Delta> measures = deltas.subList(hasRows ? from + 1 : from, to);
            add("a", place(first.key(), first.expiresAt()), number(first.limit()), by);
            add(hasRows ? number(first.amount()) : "0", number(measures.size()));
            measures.forEach(m -> add(m.field().substring(by.length() + 1), number(m.amount())));
            from = to;
        }
    }

    private static boolean isOf(Delta delta, Delta first, String by) {
        return delta.kind() == Delta.Kind.ADD
                && delta.key().equals(first.key())
                && delta.field().length() > by.length() + 1
                && delta.by().equals(by);
    }

    private void members(List<Delta> deltas, Delta.Kind kind, String letter) {
        Map<String, List<Delta>> byKey = new LinkedHashMap<>();
        for (Delta delta : deltas) {
            if (delta.kind() == kind) {
                byKey.computeIfAbsent(delta.key(), key -> new ArrayList<>()).add(delta);
            }
        }
        byKey.forEach((key, of) -> {
            long limit = of.get(0).limit();
            long expiresAt = of.get(0).expiresAt();
            String place = place(key, expiresAt);
            if (limit == 0) {
                add(letter, place, place, place, "0", "");
            } else {
                CounterKey parts = parts(key);
                String more = place(parts.of(RedisKeys.MORE).text(), expiresAt);
                String hash = place(parts.values().text(), expiresAt);
                add(letter, place, more, hash, number(limit), parts.by());
            }
            add(number(of.size()));
            of.forEach(delta -> groups.add(delta.field()));
        });
    }

    private void ranks(List<Delta> deltas) {
        for (Delta delta : deltas) {
            if (delta.kind() == Delta.Kind.RANK) {
                String place = place(delta.key(), delta.expiresAt());
                String hash = delta.limit() == 0
                        ? place
                        : place(parts(delta.key()).values().text(), delta.expiresAt());
                add("r", place, hash, number(delta.limit()), delta.field(), number(delta.amount()));
            }
        }
    }

    private static CounterKey parts(String key) {
        return CounterKey.parse(key).orElseThrow(() -> new IllegalArgumentException("not a counter's key: " + key));
    }

    private String place(String key, long expiresAt) {
        Integer known = places.putIfAbsent(key, places.size() + 1);
        if (known != null) {
            return known.toString();
        }
        expiries.add(number(expiresAt));
        return Integer.toString(places.size());
    }

    private void add(String... texts) {
        groups.addAll(List.of(texts));
    }

    private static String number(long number) {
        return Long.toString(number);
    }
}
