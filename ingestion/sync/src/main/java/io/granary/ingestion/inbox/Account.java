package io.granary.ingestion.inbox;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of the lines of ingested files, by the warehouse's own account and tables. */
record Account(List<Sealed> sealed, List<Quarantined> quarantined, List<Day> days) {
    private static final int SHOWN_QUARANTINE = 200;

    /** Lines of one file so far: {@code loaded + duplicate + quarantined + lost}. */
    record Sealed(String file, String site, long loaded, long duplicate, long quarantined, long lost) {
        /** Different lines of the file that are settled. */
        long settled() {
            return loaded + quarantined + lost;
        }
    }

    /** A line that is kept out, and why. */
    record Quarantined(String file, long line, String reason) {}

    /** Rows of a file in one day's partitions. */
    record Day(String file, String ds, long rows) {}

    Account {
        sealed = List.copyOf(sealed);
        quarantined = List.copyOf(quarantined);
        days = List.copyOf(days);
    }

    /** Settled lines of a file; zeros when the account does not know it. */
    Sealed of(String file) {
        return sealed.stream().filter(s -> s.file().equals(file)).findFirst().orElse(new Sealed(file, "", 0, 0, 0, 0));
    }

    /** Rows by day of all files. */
    SortedMap<String, Long> rowsByDay() {
        return new TreeMap<>(days.stream().collect(Collectors.groupingBy(Day::ds, Collectors.summingLong(Day::rows))));
    }

    /**
     * Asks the warehouse about files of a source.
     *
     * @param table the source's ODS table
     * @param files content hashes
     */
    static Account ask(VerbCalls granary, String source, String table, Collection<String> files) {
        VerbCalls.Ended ended = granary.ask("sql", "-e", sql(source, table, files), "--output", "csv");
        if (ended.code() != 0) {
            // no table yet, or those of a Granary that knew no replay: the next seal puts them right
            if (ended.errors().contains("TABLE_OR_VIEW_NOT_FOUND")
                    || ended.errors().contains("`replayed_by`")) {
                return new Account(List.of(), List.of(), List.of());
            }
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "the warehouse did not answer about ingested files: " + ended.errors());
        }
        return parse(ended.output());
    }

    /** Cells without commas and quotes only, so that a line of CSV is cut at its commas. */
    static String sql(String source, String table, Collection<String> files) {
        String of = "host = 'inbox' AND file IN ("
                + files.stream().sorted().map(f -> "'" + f + "'").collect(Collectors.joining(", ")) + ")";
        return "SELECT 'sealed' AS kind, file, site, sum(loaded) AS a, sum(duplicate) AS b, sum(quarantined) AS c,"
                + " sum(lost) AS d, '' AS text FROM ods.granary_log_account WHERE source = '" + source + "' AND " + of
                + " GROUP BY file, site"
                + " UNION ALL SELECT 'day', file, site, count(*), 0, 0, 0, ds FROM " + table + " WHERE " + of
                + " GROUP BY file, site, ds"
                + " UNION ALL (SELECT 'quarantined', file, site, line_number, 0, 0, 0, hex(coalesce(reason, ''))"
                + " FROM ods.granary_quarantine WHERE replayed_by IS NULL AND source = '" + source + "' AND " + of
                + " ORDER BY file, line_number LIMIT " + SHOWN_QUARANTINE + ")";
    }

    static Account parse(List<String> csv) {
        List<Sealed> sealed = new ArrayList<>();
        List<Quarantined> quarantined = new ArrayList<>();
        List<Day> days = new ArrayList<>();
        for (String line : csv) {
            String[] cell = line.replace("\"", "").split(",", -1);
            if (cell.length != 8) {
                throw new GranaryException(
                        ErrorCode.INTERNAL, "`granary sql` answered '" + line + "' where eight cells were expected");
            }
            switch (cell[0]) {
                case "sealed" ->
                    sealed.add(new Sealed(
                            cell[1], cell[2], number(cell[3]), number(cell[4]), number(cell[5]), number(cell[6])));
                case "day" -> days.add(new Day(cell[1], cell[7], number(cell[3])));
                case "quarantined" -> quarantined.add(new Quarantined(cell[1], number(cell[3]), text(cell[7])));
                default -> {
                    // the header
                }
            }
        }
        return new Account(sealed, quarantined, days);
    }

    private static long number(String cell) {
        return cell.isEmpty() ? 0 : Long.parseLong(cell);
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
