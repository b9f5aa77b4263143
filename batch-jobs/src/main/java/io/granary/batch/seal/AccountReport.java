package io.granary.batch.seal;

import io.granary.batch.seal.CollectionState.Hour;
import io.granary.batch.seal.CollectionState.State;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.text.SqlLiteral;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The account, added up.
 *
 * @param problems what does not add up, and which hours are closed though something is missing
 */
record AccountReport(Rows rows, List<String> problems) {
    /** What a line of the report is about, beside its source. */
    enum By {
        DAY("dt"),
        HOUR("dt, hh"),
        HOST("region, host"),
        FILE("region, host, file");

        private final String columns;

        By(String columns) {
            this.columns = columns;
        }

        List<String> names() {
            return List.of(columns.split(", "));
        }

        boolean isOfTime() {
            return this == DAY || this == HOUR;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Collected days, both ends included. */
    record Days(String from, String to) {
        static final Days ALL = new Days("", "9999-12-31");

        boolean hold(CollectedHour hour) {
            return hour.dt().compareTo(from) >= 0 && hour.dt().compareTo(to) <= 0;
        }
    }

    /** @param hours the state of the hours of each source */
    static AccountReport of(
            SqlSession sql, List<String> sources, By by, Days days, Map<String, Map<CollectedHour, Hour>> hours) {
        List<String> columns = new ArrayList<>(List.of("source"));
        columns.addAll(by.names());
        columns.addAll(List.of("read", "loaded", "duplicate", "quarantined", "lost", "missing", "skipped", "balance"));
        if (by.isOfTime()) {
            columns.addAll(List.of("state", "waits_for"));
        }
        List<List<String>> cells = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (List<Object> row : sources.isEmpty()
                ? List.<List<Object>>of()
                : sql.query(query(sources, by, days)).rows()) {
            List<String> line = line(row, by, days, hours);
            String balance = line.get(columns.indexOf("balance"));
            if (!balance.equals("ok")) {
                problems.add("the account does not add up: "
                        + String.join(" ", line.subList(0, 1 + by.names().size())) + ": " + balance);
            }
            cells.add(line);
        }
        hours.forEach((source, states) -> states.forEach((hour, state) -> {
            if (state.state() == State.INCOMPLETE && days.hold(hour)) {
                problems.add(source + ", hour " + hour + " UTC is not complete: " + String.join("; ", state.missing()));
            }
        }));
        return new AccountReport(new Rows(columns, cells), problems);
    }

    private static String query(List<String> sources, By by, Days days) {
        String names = sources.stream().map(SqlLiteral::of).collect(Collectors.joining(", "));
        return "SELECT source, " + by.columns + ", SUM(read_lines), SUM(loaded), SUM(duplicate), SUM(quarantined),"
                + " SUM(lost), COALESCE(SUM(missing), 0), COALESCE(SUM(skipped), 0),"
                + " COUNT_IF(read_lines <> loaded + duplicate + quarantined + lost + COALESCE(missing, 0)"
                + " + COALESCE(skipped, 0)) FROM "
                + SealTables.ACCOUNT + " WHERE source IN (" + names + ") AND dt BETWEEN "
                + SqlLiteral.of(days.from()) + " AND " + SqlLiteral.of(days.to()) + " GROUP BY source, "
                + by.columns
                + " ORDER BY source, " + by.columns;
    }

    private static List<String> line(List<Object> row, By by, Days days, Map<String, Map<CollectedHour, Hour>> hours) {
        int keys = 1 + by.names().size();
        List<String> line = new ArrayList<>();
        for (int i = 0; i < keys + 7; i++) {
            line.add(Island.text(row, i));
        }
        line.add(balance(row, keys));
        if (by.isOfTime()) {
            String hour = line.get(1) + (by == By.HOUR ? " " + line.get(2) : "");
            Map<CollectedHour, Hour> states = hours.getOrDefault(line.get(0), Map.of()).entrySet().stream()
                    .filter(e -> e.getKey().toString().startsWith(hour) && days.hold(e.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            line.add(state(states));
            line.add(states.values().stream()
                    .filter(s -> s.state() != State.COMPLETE)
                    .flatMap(s -> s.missing().stream())
                    .distinct()
                    .collect(Collectors.joining("; ")));
        }
        return line;
    }

    private static String balance(List<Object> row, int keys) {
        long rest = Island.number(row, keys);
        for (int i = keys + 1; i < keys + 7; i++) {
            rest -= Island.number(row, i);
        }
        long unbalanced = Island.number(row, keys + 7);
        return rest == 0 && unbalanced == 0 ? "ok" : "off by " + rest + " in " + unbalanced + " rows";
    }

    /** Of one hour its state; of several how many are in which. */
    private static String state(Map<CollectedHour, Hour> states) {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        states.values().forEach(s -> counts.merge(s.state(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(e -> (states.size() == 1 ? "" : e.getValue() + " ")
                        + e.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
