package io.granary.ingestion.flume.poll;

import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.manifest.Poll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flume.Context;
import org.apache.flume.conf.ConfigurationException;

/**
 * Settings of a {@link TablePollSource} beside those of the tail, by the names they have in the agent's properties behind
 * {@code poll.}. Sizes are bytes.
 *
 * @param source {@code <subject>.<source>}
 * @param folder of the journal
 * @param database with the reference of its password, which is resolved when a connection is made
 * @param columns those that the source declares
 * @param overlap {@code 30s}, or a number
 * @param every between two looks ({@code everyMs})
 * @param pageRows read in one statement
 * @param batchBytes written to the journal at once
 * @param fileBytes of a journal file
 * @param unsentBytes with so many in the journal that the channel has not taken, nothing more is read
 * @param rememberedRows most rows inside the overlap
 */
record PollSettings(
        String source,
        Path folder,
        Connection database,
        String table,
        List<String> columns,
        String watermark,
        List<String> key,
        String deleted,
        ZoneId zone,
        String overlap,
        Duration every,
        int pageRows,
        int batchBytes,
        int fileBytes,
        long unsentBytes,
        int rememberedRows) {

    static final String PREFIX = "poll.";

    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            "folder",
            "type",
            "host",
            "port",
            "database",
            "user",
            "password",
            "table",
            "columns",
            "watermark",
            "key",
            "deleted",
            "timeZone",
            "overlap",
            "everyMs",
            "pageRows",
            "batchBytes",
            "fileBytes",
            "unsentBytes",
            "rememberedRows"));
    private static final String PROPERTIES = "properties.";

    /** @throws ConfigurationException when a value is missing or wrong, or a setting is unknown; it names it */
    static PollSettings of(Context context) {
        Map<String, String> given = context.getSubProperties(PREFIX);
        given.keySet().stream()
                .filter(key -> !KEYS.contains(key) && !key.startsWith(PROPERTIES))
                .findFirst()
                .ifPresent(key -> {
                    throw new ConfigurationException("TablePollSource has no setting '" + PREFIX + key + "'; it has "
                            + KEYS + " and " + PROPERTIES + "<name>");
                });
        Context poll = new Context(given);
        PollSettings settings = new PollSettings(
                required(context, "source"),
                Path.of(required(poll, "folder")),
                database(poll),
                required(poll, "table"),
                list(required(poll, "columns")),
                required(poll, "watermark"),
                list(required(poll, "key")),
                poll.getString("deleted"),
                zone(required(poll, "timeZone")),
                required(poll, "overlap"),
                Duration.ofMillis(number(poll, "everyMs", 5000)),
                (int) number(poll, "pageRows", 5000),
                (int) number(poll, "batchBytes", 512 * 1024),
                (int) number(poll, "fileBytes", 16 * 1024 * 1024),
                number(poll, "unsentBytes", 1L << 30),
                (int) number(poll, "rememberedRows", 200_000));
        settings.requireOverlapOfZone();
        return settings;
    }

    /** Columns that are read: those declared, and those that are needed to poll. */
    List<String> allColumns() {
        Set<String> all = new LinkedHashSet<>(key);
        all.add(watermark);
        all.addAll(columns);
        if (deleted != null) {
            all.add(deleted);
        }
        return List.copyOf(all);
    }

    /**
     * How far back rows are looked at again, in the watermark's unit.
     *
     * @throws IOException when the setting is a duration and the watermark a number, or the other way round
     */
    long overlap(Cell mark) throws IOException {
        if (mark == Cell.INTEGER && !isDuration()) {
            return Long.parseLong(overlap);
        }
        if (mark == Cell.INTEGER || !isDuration()) {
            throw new IOException("overlap is '" + overlap + "': the watermark " + watermark + " is a "
                    + (mark == Cell.INTEGER ? "number, so it must be one, such as 1000" : "time, so write 30s"));
        }
        return RowVersion.micros(Instant.EPOCH.plus(duration()));
    }

    private boolean isDuration() {
        return Character.isLetter(overlap.charAt(overlap.length() - 1));
    }

    private Duration duration() {
        return DurationText.parse(PREFIX + "overlap", overlap);
    }

    /** Where clocks go back, a wall clock is no watermark unless the overlap is longer than that. */
    private void requireOverlapOfZone() {
        boolean changes = zone.getRules().nextTransition(Instant.now()) != null;
        if (changes && isDuration() && duration().compareTo(Duration.ofMinutes(61)) < 0) {
            throw new ConfigurationException("clocks of " + zone + " go back by an hour once a year, and overlap is "
                    + overlap + ": write 65m or more, or let the database keep " + watermark + " in UTC");
        }
    }

    private static Connection database(Context poll) {
        String type = required(poll, "type");
        DatabaseType known = DatabaseType.find(type)
                .filter(Login::isKnown)
                .orElseThrow(() -> new ConfigurationException(
                        "poll.type is '" + type + "'; tables can be polled of mariadb, mysql and postgresql"));
        return new Connection(
                "poll",
                known,
                required(poll, "host"),
                (int) number(poll, "port", known.defaultPort()),
                required(poll, "database"),
                required(poll, "user"),
                poll.getString("password", ""),
                poll.getSubProperties(PROPERTIES),
                null);
    }

    private static List<String> list(String names) {
        List<String> list = new ArrayList<>();
        Arrays.stream(names.split(",")).map(String::strip).forEach(list::add);
        for (String reserved : List.of(Poll.SEQUENCE, Poll.CHANGE_AT, Poll.IS_DELETED)) {
            if (list.contains(reserved)) {
                throw new ConfigurationException("the column name " + reserved + " is taken by the poller");
            }
        }
        return list;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new ConfigurationException("poll.timeZone is '" + name + "', no time zone", e);
        }
    }

    private static String required(Context context, String key) {
        String value = context.getString(key);
        if (value == null || value.isBlank() || value.contains("${")) {
            throw new ConfigurationException(
                    "TablePollSource needs a value for '" + key + "', and has '" + value + "'");
        }
        return value;
    }

    private static long number(Context context, String key, long otherwise) {
        String value = context.getString(key, Long.toString(otherwise));
        try {
            long number = Long.parseLong(value.strip());
            if (number < 1 || !key.equals("unsentBytes") && number > Integer.MAX_VALUE) {
                throw new NumberFormatException();
            }
            return number;
        } catch (NumberFormatException e) {
            throw new ConfigurationException(PREFIX + key + " is '" + value + "', not a number that it can be", e);
        }
    }
}
