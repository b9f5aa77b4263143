package io.granary.batch.quality;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.TestNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the newest value of a column is new enough: not older than {@code max_age} at the end of the partition's day,
 * or now when that is still to come. So a day that is built again next year is judged as it was.
 */
final class Freshness {
    private static final Pattern AGE = Pattern.compile("(\\d+)([mhd])");

    private final TestNode test;
    private final TestedRows rows;
    private final TestScan scan;
    private final Clock clock;

    Freshness(TestNode test, TestedRows rows, TestScan scan, Clock clock) {
        this.test = test;
        this.rows = rows;
        this.scan = scan;
        this.clock = clock;
    }

    TestOutcome outcome() {
        List<List<String>> partitions = rows.partitionValues().isEmpty()
                ? rows.model().partition().isEmpty()
                        ? List.of(List.of())
                        : List.copyOf(scan.counts().keySet())
                : rows.partitionValues();
        Duration allowed = age(String.valueOf(test.arguments().get("max_age")));
        List<String> wrong = new ArrayList<>();
        for (List<String> partition : partitions) {
            String reason = reason(scan.in(test, partition), reference(partition), allowed);
            if (reason != null) {
                wrong.add((partition.isEmpty() ? "" : String.join("/", partition) + ": ") + reason);
            }
        }
        return wrong.isEmpty()
                ? TestOutcome.pass(test)
                : TestOutcome.failed(test, wrong.size(), String.join("; ", wrong));
    }

    private String reason(Long newest, Instant reference, Duration allowed) {
        String column = test.columns().get(0);
        if (newest == null) {
            return column + " has no value at all";
        }
        Instant value = Instant.ofEpochSecond(newest);
        if (!value.isBefore(reference.minus(allowed))) {
            return null;
        }
        return "the newest " + column + " is " + value + ", more than "
                + test.arguments().get("max_age") + " before " + reference;
    }

    private Instant reference(List<String> partition) {
        int ds = rows.model().partition().indexOf("ds");
        if (ds < 0 || partition.isEmpty()) {
            return clock.instant();
        }
        Instant end = LocalDate.parse(partition.get(ds))
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return end.isBefore(clock.instant()) ? end : clock.instant();
    }

    private Duration age(String text) {
        Matcher matcher = AGE.matcher(text);
        if (!matcher.matches()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, test.id() + ": max_age is '" + text + "'; write such as 30m, 6h or 2d");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
