package io.granary.ingestion.sync.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each row is in exactly one range, whatever the key, on real servers. */
class KeyRangesTest {
    @BeforeAll
    static void start() throws Exception {
        MariaDbServer.shared().database("ranges");
        PostgresServer.shared().database("ranges");
    }

    @Test
    void mariadb() throws Exception {
        try (Database database = Database.open(MariaDbServer.shared().connection("ranges"))) {
            database.execute("CREATE TABLE t (n BIGINT PRIMARY KEY, big BIGINT UNSIGNED, price DECIMAL(9,2),"
                    + " name VARCHAR(20), day DATE, at DATETIME(3), flag INT, KEY (big), KEY (day))");
            database.execute(
                    "INSERT INTO t SELECT seq, 18446744073709551615 - seq * seq, seq / 7, concat('K', seq % 50),"
                            + " '2026-01-01' + INTERVAL seq % 300 DAY, '2026-01-01' + INTERVAL seq HOUR,"
                            + " if(seq % 3 = 0, NULL, seq) FROM seq_1_to_1000");
            everyRowIsInOneRange(database);

            // one key in ten thousand lies far away
            database.execute("CREATE TABLE skewed (n BIGINT PRIMARY KEY)");
            database.execute("INSERT INTO skewed SELECT seq FROM seq_1_to_10000");
            database.execute("INSERT INTO skewed VALUES (9000000000000000000)");
            balanced(database);

            database.execute("SET sql_mode = ''");
            database.execute("CREATE TABLE zero (day DATE)");
            database.execute("INSERT INTO zero VALUES ('0000-00-00'), ('2026-01-01'), ('2026-06-01'), (NULL)");
            assertThat(counts(database, "zero", KeyRanges.cut(database, "zero", "day", null, 3)))
                    .isEqualTo(4);
        }
    }

    @Test
    void postgresql() throws Exception {
        try (Database database = Database.open(PostgresServer.shared().connection("ranges"))) {
            database.execute("CREATE TABLE t (n BIGINT PRIMARY KEY, big NUMERIC(20), price NUMERIC(9,2),"
                    + " name VARCHAR(20), day DATE, at TIMESTAMP(3), flag INT, code UUID, raw BYTEA)");
            database.execute("INSERT INTO t SELECT n, 18446744073709551615 - n * n, n / 7.0, 'K' || n % 50,"
                    + " date '2026-01-01' + (n % 300), timestamp '2026-01-01' + n * interval '1 hour',"
                    + " CASE WHEN n % 3 <> 0 THEN n END, md5(n::text)::uuid, 'x' FROM generate_series(1, 1000) n");
            everyRowIsInOneRange(database);
            assertThat(counts(database, "t", KeyRanges.cut(database, "t", "code", null, 4)))
                    .isEqualTo(1000);
            assertThatThrownBy(() -> KeyRanges.cut(database, "t", "raw", null, 4))
                    .hasMessageContaining("split key 'raw' of table t is bytea; it is a number");

            database.execute("CREATE TABLE skewed (n BIGINT PRIMARY KEY)");
            database.execute("INSERT INTO skewed SELECT n FROM generate_series(1, 10000) n");
            database.execute("INSERT INTO skewed VALUES (9000000000000000000)");
            database.execute("ANALYZE skewed");
            balanced(database);
        }
    }

    private static void everyRowIsInOneRange(Database database) {
        for (String key : List.of("n", "big", "price", "name", "day", "at", "flag")) {
            List<String> ranges = KeyRanges.cut(database, "t", key, null, 4);
            assertThat(ranges).as(key).hasSize(key.equals("n") ? 4 : 5);
            assertThat(counts(database, "t", ranges)).as(key).isEqualTo(1000);
            List<String> some = KeyRanges.cut(database, "t", key, "n <= 10 OR n > 990", 3);
            assertThat(counts(database, "t", some)).as(key).isEqualTo(20);
        }
        assertThat(KeyRanges.cut(database, "t", null, "n > 1", 4)).containsExactly("(n > 1)");
        assertThat(KeyRanges.cut(database, "t", "n", "n > 5000", 4)).containsExactly("(n > 5000)");
        assertThat(KeyRanges.cut(database, "t", "n", "n = 7", 4)).containsExactly("(n = 7)");
        assertThatThrownBy(() -> KeyRanges.cut(database, "t", "no", null, 4))
                .hasMessageContaining("has no column 'no'; it has: [n, big,");
    }

    private static void balanced(Database database) {
        List<Long> sizes = new ArrayList<>();
        for (String range : KeyRanges.cut(database, "skewed", "n", null, 64)) {
            sizes.add(database.number("SELECT count(*) FROM skewed WHERE " + range));
        }
        assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isEqualTo(10_001);
        assertThat(sizes.stream().mapToLong(Long::longValue).max().orElseThrow())
                .as(sizes.toString())
                .isLessThan(5000);
    }

    private static long counts(Database database, String table, List<String> ranges) {
        long rows = 0;
        for (String range : ranges) {
            rows += database.number("SELECT count(*) FROM " + table + " WHERE " + range);
        }
        return rows;
    }
}
