package io.granary.cli.retire;

import io.granary.tablestore.TableFootprint;
import io.granary.warehouse.text.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What is in the stores besides a subject's own, at one moment.
 *
 * @param keys checksums of keys in Redis; null when they were not looked at
 */
record Surroundings(SortedMap<String, TableFootprint> tables, SortedSet<String> shareTables, Set<Long> keys) {

    /** Adds to the proof that nothing of this is missing or elsewhere in a later look. */
    void compare(Surroundings later, Proof proof) {
        List<String> wrong = new ArrayList<>();
        int published = 0;
        for (Map.Entry<String, TableFootprint> table : tables.entrySet()) {
            TableFootprint after = later.tables.get(table.getKey());
            if (after == null) {
                wrong.add(table.getKey() + " is gone");
            } else if (!after.digest().equals(table.getValue().digest())) {
                published += difference(table.getValue(), after, wrong);
            }
        }
        String verdict = published == 0 ? "equal" : "equal, but for " + published + " published meanwhile";
        int partitions =
                tables.values().stream().mapToInt(t -> t.partitions().size()).sum();
        proof.add(
                "tables of others",
                tables.size() + ", " + WayOut.partitions(partitions),
                digest(tables).substring(0, 12),
                digest(known(later.tables)).substring(0, 12),
                wrong.isEmpty() ? verdict : "CHANGED: " + String.join("; ", wrong),
                wrong.isEmpty());
        shareTables(later, proof);
        if (keys != null && later.keys != null) {
            long lost = keys.stream().filter(key -> !later.keys.contains(key)).count();
            proof.add(
                    "Redis keys of others",
                    String.valueOf(keys.size()),
                    String.valueOf(keys.size()),
                    String.valueOf(keys.size() - lost),
                    lost == 0 ? "equal" : lost + " LOST",
                    lost == 0);
        }
    }

    private void shareTables(Surroundings later, Proof proof) {
        List<String> lost = shareTables.stream()
                .filter(table -> !later.shareTables.contains(table))
                .toList();
        if (!shareTables.isEmpty()) {
            proof.add(
                    "share tables of others",
                    String.valueOf(shareTables.size()),
                    String.valueOf(shareTables.size()),
                    String.valueOf(shareTables.size() - lost.size()),
                    lost.isEmpty() ? "equal" : "LOST: " + String.join(", ", lost),
                    lost.isEmpty());
        }
    }

    /**
     * Somebody else may publish while we work: a partition then is in another version folder of the same table.
     *
     * @return how many partitions were published meanwhile
     */
    private static int difference(TableFootprint before, TableFootprint after, List<String> wrong) {
        int published = before.location().equals(after.location()) ? 0 : 1;
        if (published == 1 && !versioned(before.location(), after.location())) {
            wrong.add(before.name() + " is at " + after.location() + ", was at " + before.location());
        }
        for (Map.Entry<String, String> partition : before.partitions().entrySet()) {
            String location = after.partitions().get(partition.getKey());
            if (location == null) {
                wrong.add(before.name() + " lost " + partition.getKey());
            } else if (!location.equals(partition.getValue())) {
                published++;
                if (!versioned(partition.getValue(), location)) {
                    wrong.add(before.name() + " " + partition.getKey() + " is at " + location);
                }
            }
        }
        return published
                + Math.max(0, after.partitions().size() - before.partitions().size());
    }

    /** Whether the new place is another version of the same table; before the first version there is an empty folder. */
    private static boolean versioned(String before, String after) {
        int version = before.indexOf("/v=");
        int table = version > 0 ? version : before.lastIndexOf('/');
        return table > 0 && after.startsWith(before.substring(0, table) + "/v=");
    }

    private SortedMap<String, TableFootprint> known(SortedMap<String, TableFootprint> later) {
        SortedMap<String, TableFootprint> known = new TreeMap<>(later);
        known.keySet().retainAll(tables.keySet());
        return known;
    }

    private static String digest(SortedMap<String, TableFootprint> tables) {
        StringBuilder all = new StringBuilder();
        tables.forEach((name, table) ->
                all.append(name).append('\n').append(table.digest()).append('\n'));
        return Digests.sha256(all.toString());
    }
}
