package io.granary.ingestion.flume.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.apache.flume.Context;
import org.apache.flume.conf.ConfigurationException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at tables of a real MariaDB. */
class PollerTest {
    @TempDir
    private Path folder;

    @Test
    void everyVersionThatALookFindsIsWrittenOnceAlsoAfterARestart() throws Exception {
        PollRig.sql(
                "CREATE TABLE p1 (id INT PRIMARY KEY, status VARCHAR(10), at DATETIME)",
                "INSERT INTO p1 VALUES (1, 'placed', UTC_TIMESTAMP()), (2, 'placed', UTC_TIMESTAMP())");
        PollRig rig = new PollRig(folder, "p1", "columns", "id,status", "watermark", "at", "key", "id");
        rig.look();
        rig.look();
        assertThat(rig.rows("_sequence", "id", "status")).containsExactly("1|1|placed", "2|2|placed");
        // within the same second: the watermark alone would not tell
        PollRig.sql("UPDATE p1 SET status = 'paid' WHERE id = 1");
        rig.look();
        PollRig.sql("UPDATE p1 SET status = 'placed' WHERE id = 1");
        rig.look();
        rig.look();
        assertThat(rig.rows("_sequence", "id", "status"))
                .containsExactly("1|1|placed", "2|2|placed", "3|1|paid", "4|1|placed");
        assertThat(rig.said).isEmpty();
    }

    @Test
    void aTableThatIsNotThereYetIsSaidOnceAndReadWhenItComes() throws Exception {
        PollRig rig = new PollRig(folder, "p0", "columns", "id", "watermark", "id", "key", "id", "overlap", "10");
        try (Poller poller = rig.poller()) {
            poller.look();
            poller.look();
            assertThat(rig.said).singleElement().asString().contains("'shop.p0' doesn't exist. It is tried again");
            PollRig.sql("CREATE TABLE p0 (id INT PRIMARY KEY)", "INSERT INTO p0 VALUES (7)");
            poller.look();
        }
        assertThat(rig.rows("id")).containsExactly("7");
    }

    @Test
    void aTransactionThatEndsLateIsFoundInsideTheOverlap() throws Exception {
        PollRig.sql("CREATE TABLE p2 (id INT PRIMARY KEY, at DATETIME(6), KEY (at))");
        PollRig rig = new PollRig(folder, "p2", "columns", "id", "watermark", "at", "key", "id");
        try (Connection late = PollRig.session();
                Poller poller = rig.poller()) {
            late.setAutoCommit(false);
            PollRig.run(late, "INSERT INTO p2 VALUES (1, UTC_TIMESTAMP(6))");
            PollRig.sql("INSERT INTO p2 VALUES (2, UTC_TIMESTAMP(6))");
            poller.look();
            assertThat(rig.rows("id")).containsExactly("2");
            late.commit();
            poller.look();
            poller.look();
        }
        assertThat(rig.rows("id")).containsExactly("2", "1");
    }

    @Test
    void aRowFromTheFutureHoldsNothingUp() throws Exception {
        PollRig.sql(
                "CREATE TABLE p3 (id INT PRIMARY KEY, at DATETIME)",
                "INSERT INTO p3 VALUES (1, '9999-12-31 00:00:00')");
        PollRig rig = new PollRig(folder, "p3", "columns", "id", "watermark", "at", "key", "id");
        rig.look();
        PollRig.sql("INSERT INTO p3 VALUES (2, UTC_TIMESTAMP())");
        rig.look();
        assertThat(rig.said).isEmpty();
        assertThat(rig.rows("id")).containsExactly("1", "2");
    }

    @Test
    void aChangeTableIsReadByItsNumbersWithWhatWasDeleted() throws Exception {
        PollRig.sql(
                "CREATE TABLE p4 (change_id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, op CHAR(1), id INT)",
                "INSERT INTO p4 (op, id) VALUES ('I', 7), ('U', 7), ('D', 7)");
        PollRig rig = new PollRig(
                folder,
                "p4",
                "columns",
                "id",
                "watermark",
                "change_id",
                "key",
                "change_id",
                "deleted",
                "op",
                "overlap",
                "100");
        rig.look();
        try (Connection late = PollRig.session()) {
            late.setAutoCommit(false);
            PollRig.run(late, "INSERT INTO p4 (op, id) VALUES ('I', 8)");
            PollRig.sql("INSERT INTO p4 (op, id) VALUES ('I', 9)");
            rig.look();
            late.commit();
        }
        rig.look();
        assertThat(rig.rows("_sequence", "change_id", "id", "_deleted"))
                .containsExactly("1|1|7|false", "2|2|7|false", "3|3|7|true", "4|5|9|false", "5|4|8|false");
    }

    @Test
    void valuesAreExact() throws Exception {
        PollRig.sql(
                "CREATE TABLE p5 (id BIGINT UNSIGNED PRIMARY KEY, d DECIMAL(30,10), f DOUBLE, t TINYINT(1), b BIT(1),"
                        + " z INT(5) ZEROFILL, s VARCHAR(20), e VARCHAR(20), bin VARBINARY(4), day DATE, zero DATE,"
                        + " wall DATETIME(3), ts TIMESTAMP(6) NULL, n INT, at DATETIME(6)) CHARACTER SET utf8mb4",
                "SET sql_mode = ''",
                "INSERT INTO p5 VALUES (18446744073709551615, 12345678901234567890.0123456789, 0.1, 1, b'1', 42,"
                        + " 'a\"ü\\n😀', '', x'00ff', '2026-11-01', '0000-00-00', '2026-11-01 10:00:00.125',"
                        + " '2026-11-01 10:00:00.000001', NULL, '2026-11-01 10:00:00')");
        PollRig rig = new PollRig(
                folder,
                "p5",
                "columns",
                "d,f,t,b,z,s,e,bin,day,zero,wall,ts,n",
                "watermark",
                "at",
                "key",
                "id",
                "timeZone",
                "+08:00");
        rig.look();
        assertThat(rig.said).isEmpty();
        assertThat(Files.readString(rig.files().get(0), StandardCharsets.UTF_8))
                .isEqualTo("{\"_sequence\":1,\"_change_at\":\"2026-11-01T02:00:00Z\",\"id\":18446744073709551615,"
                        + "\"at\":\"2026-11-01T02:00:00Z\",\"d\":12345678901234567890.0123456789,\"f\":0.1,\"t\":1,"
                        + "\"b\":true,\"z\":42,\"s\":\"a\\\"ü\\n😀\",\"e\":\"\",\"bin\":\"AP8=\",\"day\":\"2026-11-01\","
                        + "\"zero\":null,\"wall\":\"2026-11-01T02:00:00.125Z\",\"ts\":\"2026-11-01T10:00:00.000001Z\","
                        + "\"n\":null}\n");
    }

    @Test
    void aLargeTableIsReadInPagesWithLittleMemoryAndEachRowOnceThoughItRestarts() throws Exception {
        PollRig.sql(
                "CREATE TABLE p6 (a INT, b VARCHAR(10), at DATETIME, PRIMARY KEY (a, b), KEY (at))",
                "INSERT INTO p6 SELECT seq DIV 7, CONCAT('k', seq), '2026-11-01 10:00:00' FROM seq_1_to_5000");
        PollRig rig = new PollRig(
                folder,
                "p6",
                "columns",
                "a",
                "watermark",
                "at",
                "key",
                "a,b",
                "pageRows",
                "300",
                "rememberedRows",
                "500",
                "fileBytes",
                "20000",
                "batchBytes",
                "3000");
        rig.look();
        assertThat(rig.files()).hasSizeGreaterThan(5);
        rig.look();
        PollRig.sql("INSERT INTO p6 VALUES (100000, 'new', '2026-11-01 10:00:00')");
        rig.look();
        List<String> rows = rig.rows("a", "b");
        assertThat(rows).hasSize(5001).doesNotHaveDuplicates().last().isEqualTo("100000|new");
        assertThat(rig.said).isNotEmpty().allMatch(s -> s.contains("more than 500 rows changed within the overlap"));
    }

    @Test
    void whatIsWrongIsSaidWithItsName() throws Exception {
        PollRig.sql("CREATE TABLE p7 (id INT PRIMARY KEY, other INT, note VARCHAR(10), at DATETIME)");
        refused("p7", "watermark: column note is VARCHAR", "columns", "id", "watermark", "note", "key", "id");
        refused("p7", "key: column other may be NULL", "columns", "id", "watermark", "at", "key", "other");
        refused("p7", "nothere", "columns", "id,nothere", "watermark", "at", "key", "id");
        refused("p7", "the watermark other is a number", "columns", "id", "watermark", "other", "key", "id");
        refused("p8", "p8", "columns", "id", "watermark", "at", "key", "id");
        refused(
                "p7",
                "NO_SUCH_VARIABLE, which is not set",
                "columns",
                "id",
                "watermark",
                "at",
                "key",
                "id",
                "password",
                "env:NO_SUCH_VARIABLE");
        PollRig inBerlin =
                new PollRig(folder, "p7", "columns", "id", "watermark", "at", "key", "id", "timeZone", "Europe/Berlin");
        Assertions.assertThatThrownBy(() -> PollSettings.of(new Context(inBerlin.settings())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("write 65m or more");
    }

    private void refused(String table, String what, String... settings) throws Exception {
        PollRig rig = new PollRig(folder, table, settings);
        rig.look();
        assertThat(rig.said)
                .singleElement()
                .asString()
                .contains("table " + table + " at ")
                .contains(what);
        assertThat(rig.said.toString()).doesNotContain("granary-secret");
    }

    @Test
    void oneAgentPollsAndTheOtherWaits() throws Exception {
        PollRig.sql("CREATE TABLE p9 (id INT PRIMARY KEY, at DATETIME)", "INSERT INTO p9 VALUES (1, UTC_TIMESTAMP())");
        String[] settings = {"columns", "id", "watermark", "at", "key", "id"};
        PollRig first = new PollRig(Files.createDirectory(folder.resolve("a")), "p9", settings);
        PollRig second = new PollRig(Files.createDirectory(folder.resolve("b")), "p9", settings);
        try (Poller holds = first.poller()) {
            holds.look();
            second.look();
            assertThat(second.said).singleElement().asString().contains("another agent polls it");
            assertThat(second.files()).isEmpty();
        }
        second.look();
        assertThat(second.rows("id")).containsExactly("1");
    }
}
