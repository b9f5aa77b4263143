package io.granary.batch.env;

import java.util.List;
import java.util.Map;

/**
 * In which rows two tables differ.
 *
 * @param days what was compared, for people
 * @param key the columns that name a row; empty when rows were compared as wholes
 * @param rowsHere how many there are, {@code rowsThere} likewise
 * @param onlyHere rows, or keys, of this side alone
 * @param different rows with the same key and other values
 * @param columns how many of the different rows differ in each column; without those that never do
 * @param examples the first rows by their key
 */
record DataDifference(
        String days,
        List<String> key,
        long rowsHere,
        long rowsThere,
        long onlyHere,
        long onlyThere,
        long different,
        Map<String, Long> columns,
        List<Example> examples) {

    /**
     * A row that is not the same.
     *
     * @param kind {@code only here}, {@code only there} or {@code different}
     * @param row the key, or the whole row when there is none
     */
    record Example(String kind, Map<String, String> row, Map<String, Change> columns) {}

    /** Null is NULL. */
    record Change(String here, String there) {}

    boolean isEmpty() {
        return onlyHere == 0 && onlyThere == 0 && different == 0;
    }

    long all() {
        return onlyHere + onlyThere + different;
    }
}
