package io.granary.batch.quality;

import io.granary.tablestore.SqlSession;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.SqlLiteral;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the bad rows of failed tests are kept for people to look at: {@value #NAME}, the first {@value #KEPT_ROWS} rows
 * of each test, for {@value #KEPT_DAYS} days. Written by plain inserts: it is a diary, no result that anybody builds on.
 */
final class FailureTable {
    static final String NAME = "granary_quality.failures";
    static final int KEPT_ROWS = 100;
    static final int KEPT_DAYS = 30;
    private static final int ATTEMPTS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(FailureTable.class);
    private static final String CREATE = "CREATE TABLE IF NOT EXISTS " + NAME + """
             (
                checked_at TIMESTAMP COMMENT 'When the test ran, UTC',
                model STRING COMMENT 'Model that was tested',
                test STRING COMMENT 'Id of the test',
                severity STRING COMMENT 'fail or warn',
                tested STRING COMMENT 'Partitions that were tested',
                failures BIGINT COMMENT 'How many there are in all',
                message STRING COMMENT 'What is wrong',
                bad_row STRING COMMENT 'One of the bad rows, as JSON; NULL when the test is on a number'
            )
            COMMENT 'First bad rows of failed data tests; days are dropped after a month'
            PARTITIONED BY (checked_on STRING COMMENT 'Day of the check, UTC')
            STORED AS ORC""";

    private final Clock clock;

    FailureTable(Clock clock) {
        this.clock = clock;
    }

    /** Keeps the failures of one check; that it cannot is no reason to fail what was tested. */
    void store(SqlSession session, TestedRows rows, List<TestOutcome> failed) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        String insert = "INSERT INTO " + NAME + " PARTITION (checked_on = '" + today + "')\n"
                + "SELECT /*+ COALESCE(1) */ CAST(checked_at AS TIMESTAMP), model, test, severity, tested,"
                + " CAST(failures AS BIGINT), message, CAST(bad_row AS STRING)\nFROM VALUES\n"
                + String.join(",\n", values(rows, failed))
                + "\nAS rows(checked_at, model, test, severity, tested, failures, message, bad_row)";
        try {
            session.execute("CREATE DATABASE IF NOT EXISTS granary_quality COMMENT 'What data tests found'");
            session.execute(CREATE);
            // two inserts at once clear away each other's temporary files
            synchronized (FailureTable.class) {
                insert(session, insert, ATTEMPTS);
            }
            dropBefore(session, today.minusDays(KEPT_DAYS));
        } catch (GranaryException e) {
            LOG.warn("the bad rows were not kept in {}: {}", NAME, e.getMessage());
        }
    }

    /** Another process may write too. */
    private static void insert(SqlSession session, String insert, int attempts) {
        try {
            session.execute(insert);
        } catch (GranaryException e) {
            if (attempts == 1) {
                throw e;
            }
            LOG.debug("the bad rows are written again: {}", e.getMessage());
            insert(session, insert, attempts - 1);
        }
    }

    private List<String> values(TestedRows rows, List<TestOutcome> failed) {
        String now = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        List<String> values = new ArrayList<>();
        for (TestOutcome outcome : failed) {
            String front = "(" + literal(now) + ", " + literal(rows.model().name()) + ", "
                    + literal(outcome.test().id()) + ", "
                    + literal(outcome.test().severity()) + ", "
                    + literal(rows.label()) + ", " + outcome.failures() + ", " + literal(outcome.message()) + ", ";
            if (outcome.rows().isEmpty()) {
                values.add(front + "NULL)");
            }
            outcome.rows().forEach(row -> values.add(front + literal(row) + ")"));
        }
        return values;
    }

    private static String literal(String text) {
        return text == null ? "NULL" : SqlLiteral.of(text);
    }

    private static void dropBefore(SqlSession session, LocalDate day) {
        for (List<Object> row : session.query("SHOW PARTITIONS " + NAME).rows()) {
            String value = String.valueOf(row.get(0)).replaceFirst("^checked_on=", "");
            if (value.compareTo(day.toString()) < 0) {
                session.execute("ALTER TABLE " + NAME + " DROP IF EXISTS PARTITION (checked_on = "
                        + SqlLiteral.of(value) + ")");
            }
        }
    }
}
