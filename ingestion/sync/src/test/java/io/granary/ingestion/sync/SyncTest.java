package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.ingestion.sync.SyncScene.Ended;
import io.granary.ingestion.sync.engine.FolderTables;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.TableRead;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows a day gets, what becomes of changed columns, and of runs that fail, over a real MariaDB. */
class SyncTest {
    @TempDir
    static Path home;

    private static FolderTables tables;
    private static SyncScene scene;

    @BeforeAll
    static void start() throws Exception {
        tables = new FolderTables(home.resolve("files/warehouse"));
        scene = SyncScene.mariadb(home, tables, "sync");
    }

    @Test
    void shardsAreReadTogetherAndRowsSayFromWhichTheyAre() throws Exception {
        for (String shard : List.of("01", "02", "03")) {
            scene.execute(
                    "CREATE TABLE pay_" + shard + " (id INT PRIMARY KEY, amount DECIMAL(10,2))",
                    "INSERT INTO pay_" + shard + " VALUES (1, 1.5), (2, " + shard + ")");
        }
        scene.source("pay", null, "full", read(null, null, null, "pay_*", "id <> 1", 2));
        Ended ended = scene.sync("pay", "2026-11-01");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(rows("pay", "full", "2026-11-01"))
                .extracting(r -> r.get("source_table") + " " + r.get("amount"))
                .containsExactlyInAnyOrder("pay_01 1", "pay_02 2", "pay_03 3");

        scene.execute("ALTER TABLE pay_02 MODIFY amount DECIMAL(9,2), ADD x INT");
        ended = scene.sync("pay", "2026-11-02");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains(
                        "column amount is decimal(9,2) in pay_02, decimal(10,2) in pay_01",
                        "pay_02 has a column x int, pay_01 has not");
    }

    @Test
    void aDayHasTheRowsThatChangedOnItInWhateverOrderDaysAreRun() throws Exception {
        scene.execute(
                "CREATE TABLE moved (id INT PRIMARY KEY, updated_at DATETIME)",
                "INSERT INTO moved VALUES (1, '2026-10-31 23:49:59'), (2, '2026-10-31 23:50:00'),"
                        + " (3, '2026-11-01 12:00:00'), (4, '2026-11-01 23:59:59'), (5, '2026-11-02 00:00:00'), (6, NULL)");
        scene.source("moved", "moved", "incremental", read("updated_at", "10m", null, null, null, null));
        synced("moved", "2026-11-02");
        Ended ended = scene.sync("moved", "2026-11-01");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ids("moved", "2026-11-01")).containsExactlyInAnyOrder(2L, 3L, 4L);
        assertThat(ids("moved", "2026-11-02")).containsExactlyInAnyOrder(4L, 5L);
        scene.sync("moved", "2026-11-01");
        assertThat(ids("moved", "2026-11-01")).containsExactlyInAnyOrder(2L, 3L, 4L);

        JsonNode record = record("moved", "incremental", "2026-11-01");
        assertThat(record.path("range").path("from").asText()).isEqualTo("2026-10-31 23:50:00");
        assertThat(record.path("range").path("until").asText()).isEqualTo("2026-11-02 00:00:00");
    }

    @Test
    void byKeyADayHasWhatIsAboveTheDayBefore() throws Exception {
        scene.execute("CREATE TABLE hit (id BIGINT PRIMARY KEY)", "INSERT INTO hit VALUES (3), (5)");
        scene.source("hit", "hit", "incremental", read(null, null, List.of("ID"), null, null, null));
        synced("hit", "2026-11-01");
        scene.execute("INSERT INTO hit VALUES (7), (9)");
        synced("hit", "2026-11-02");
        synced("hit", "2026-11-03");
        scene.execute("INSERT INTO hit VALUES (11)");
        synced("hit", "2026-11-04");
        // again, in any order: each day ends where the next one begins
        synced("hit", "2026-11-02");
        synced("hit", "2026-11-01");
        assertThat(ids("hit", "2026-11-01")).containsExactly(3L, 5L);
        assertThat(ids("hit", "2026-11-02")).containsExactly(7L, 9L);
        assertThat(ids("hit", "2026-11-03")).isEmpty();
        assertThat(ids("hit", "2026-11-04")).containsExactly(11L);

        Ended gap = scene.sync("hit", "2026-11-06");
        assertThat(gap.code()).isEqualTo(1);
        assertThat(gap.err())
                .contains("ds=2026-11-05 of ods.ods_trade_hit_di is missing", "Sync the days after 2026-11-04");
        assertThat(scene.sync("hit", "2026-10-30").err()).contains("Its first day is 2026-11-01");
    }

    @Test
    void thePlanIsTheJobAndChangesNothing() throws Exception {
        scene.execute("CREATE TABLE planned (id INT PRIMARY KEY, at DATETIME)", "INSERT INTO planned VALUES (1, NULL)");
        scene.source("planned", "planned", "incremental", read("at", null, null, null, "id > 0", 3));
        Ended ended = scene.sync("planned", "2026-11-01", "--plan");
        assertThat(ended.code()).as(ended.err()).isZero();
        JsonNode job = new ObjectMapper().readTree(ended.out()).path("job");
        JsonNode reader = job.path("content").path(0).path("reader").path("parameter");
        assertThat(reader.path("splitPk").asText()).isEqualTo("id");
        assertThat(reader.path("where").asText()).contains("(id > 0) AND `at` >= TIMESTAMP '2026-11-01 00:00:00'");
        assertThat(reader.path("password").asText()).isEqualTo("${connection:shop}");
        assertThat(job.path("setting").path("speed").path("channel").asInt()).isEqualTo(3);
        assertThat(tables.partitions(TableName.parse("ods.ods_trade_planned_di")))
                .isEmpty();
        assertThat(home.resolve("files/granary/staging/sync/trade.planned")).doesNotExist();
    }

    @Test
    void changedColumnsAreTakenOverReportedOrStopTheJob() throws Exception {
        scene.execute(
                "CREATE TABLE drift (id INT PRIMARY KEY, price DECIMAL(10,2), note VARCHAR(64), old INT)",
                "INSERT INTO drift VALUES (1, 1.10, 'a', 7)");
        scene.source("drift", "drift", "full", null);
        synced("drift", "2026-11-01");

        scene.execute(
                "ALTER TABLE drift ADD colour VARCHAR(9) AFTER id, MODIFY price DECIMAL(12,2), MODIFY note VARCHAR(99)",
                "INSERT INTO drift VALUES (2, 'red', 1234567890.10, 'b', 8)");
        Ended wider = scene.sync("drift", "2026-11-02");
        assertThat(wider.code()).as(wider.err()).isZero();
        assertThat(wider.err())
                .contains(
                        "column colour string is new",
                        "column price was decimal(10,2) (decimal(10,2)), is decimal(12,2)",
                        "column note was varchar(64), is varchar(99): widened");
        assertThat(warnings()).hasSize(3);
        assertThat(columns("drift")).containsExactly("id", "price", "note", "old", "colour");
        assertThat(rows("drift", "full", "2026-11-02"))
                .anySatisfy(
                        row -> assertThat(row).containsEntry("colour", "red").containsEntry("old", 8L));

        scene.execute("ALTER TABLE drift DROP old, MODIFY note VARCHAR(3)");
        Ended stopped = scene.sync("drift", "2026-11-03");
        assertThat(stopped.code()).isEqualTo(1);
        assertThat(stopped.err()).contains("column old int is gone", "varchar(3): narrower", "--accept-drift");
        assertThat(partition("drift", "full", "2026-11-03")).isNull();

        synced("drift", "2026-11-03", "--accept-drift");
        assertThat(columns("drift")).containsExactly("id", "price", "note", "old", "colour");
        assertThat(rows("drift", "full", "2026-11-03"))
                .allSatisfy(row -> assertThat(row).containsEntry("old", null));
        Ended quiet = scene.sync("drift", "2026-11-04");
        assertThat(quiet.code()).as(quiet.err()).isZero();
        assertThat(warnings()).isEmpty();

        scene.execute("ALTER TABLE drift MODIFY price VARCHAR(20)");
        assertThat(scene.sync("drift", "2026-11-05", "--accept-drift").err()).contains("through a view");
    }

    @Test
    void aFailedRunIsResumedFromThePartsThatAreStaged() throws Exception {
        scene.execute(
                "SET sql_mode = ''",
                "CREATE TABLE big (id INT PRIMARY KEY, at DATETIME)",
                "INSERT INTO big SELECT seq, '2026-11-01' FROM seq_1_to_220000",
                "UPDATE big SET at = '0000-00-00' WHERE id = 219999",
                "ANALYZE TABLE big");
        scene.source("big", "big", "full", read(null, null, null, null, null, 1));
        Ended failed = scene.sync("big", "2026-11-01");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("0000-00-00", "parts are staged: the next run of the same day goes on");
        assertThat(tables.versions("ods.ods_trade_big_df")).isZero();

        scene.execute("UPDATE big SET at = '2026-11-02' WHERE id IN (1, 219999)");
        Ended resumed = scene.sync("big", "2026-11-01");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).containsPattern("[1-9] of \\d parts were staged by an earlier run");
        List<Map<String, Object>> rows = rows("big", "full", "2026-11-01");
        assertThat(rows).hasSize(220_000);
        assertThat(rows.stream().filter(r -> r.get("at").toString().startsWith("2026-11-02")))
                .hasSize(2);
        assertThat(rows.stream().map(r -> r.get("id")).distinct()).hasSize(220_000);
        JsonNode record = record("big", "full", "2026-11-01");
        assertThat(record.path("kept").asInt())
                .isPositive()
                .isLessThan(record.path("parts").asInt());
        assertThat(record.path("reconciled").asBoolean()).isTrue();
        assertThat(record.path("sums").path(0).path("sum").asText()).isEqualTo("24200110000");
        assertThat(home.resolve("files/granary/staging/sync/trade.big/2026-11-01"))
                .doesNotExist();
    }

    @Test
    void postgresqlIsReadTheSame(@TempDir Path other) throws Exception {
        FolderTables folders = new FolderTables(other.resolve("files/warehouse"));
        SyncScene shop = SyncScene.postgresql(other, folders, "sync");
        for (String shard : List.of("a", "b")) {
            shop.execute(
                    "CREATE TABLE pay_" + shard + " (id BIGINT PRIMARY KEY, amount NUMERIC(10,2), paid TIMESTAMPTZ)",
                    "INSERT INTO pay_" + shard + " VALUES (1, 1.50, '2026-11-01 23:59:59+00'),"
                            + " (2, 2.50, '2026-11-02 00:00:00+00'), (3, NULL, '2026-11-01 08:00:00+08')");
        }
        shop.source("pay", null, "incremental", read("paid", null, null, "pay_*", "id < 3", 2));
        Ended ended = shop.sync("pay", "2026-11-01");
        assertThat(ended.code()).as(ended.err()).isZero();
        PublishedPartition day =
                folders.partitions(TableName.parse("ods.ods_trade_pay_di")).get(0);
        assertThat(Fixture.rows(Path.of(URI.create(day.location()))))
                .extracting(r -> r.get("source_table") + " " + r.get("id") + " " + r.get("amount"))
                .containsExactlyInAnyOrder("pay_a 1 1.5", "pay_b 1 1.5");

        shop.execute("ALTER TABLE pay_a DROP amount", "ALTER TABLE pay_b DROP amount");
        assertThat(shop.sync("pay", "2026-11-02").err()).contains("column amount decimal(10,2) is gone");
        ended = shop.sync("pay", "2026-11-02", "--accept-drift");
        assertThat(ended.code()).as(ended.err()).isZero();
    }

    @Test
    void whatWasStagedOfAnotherJobIsReadAnew() throws Exception {
        Path staging = home.resolve("files/granary/staging/sync/trade.other/2026-11-01");
        Files.createDirectories(staging.resolve("data"));
        Files.writeString(staging.resolve("begun.json"), "{\"job\": \"another\", \"range\": {\"kind\": \"ALL\"}}");
        Files.writeString(staging.resolve("data/part-00000.orc"), "no ORC");
        scene.execute("CREATE TABLE other (id INT)", "INSERT INTO other VALUES (1)");
        scene.source("other", "other", "full", null);
        Ended ended = scene.sync("other", "2026-11-01");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("of another job or other columns: read anew");
        assertThat(ids("other", "full", "2026-11-01")).containsExactly(1L);
    }

    @Test
    void rowsLeftOutAreCountedAndKept() throws Exception {
        scene.execute(
                "SET sql_mode = ''",
                "CREATE TABLE dirty (id INT PRIMARY KEY, at DATE)",
                "INSERT INTO dirty VALUES (1, '2026-11-01'), (2, '0000-00-00')");
        scene.source(
                "dirty",
                "dirty",
                "full",
                new TableRead(null, null, null, null, null, null, null, new TableRead.Errors(1L, null), null));
        Ended ended = scene.sync("dirty", "2026-11-01");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("1 rows left out: ", "sync.trade.dirty.2026-11-01.jsonl");
        assertThat(ids("dirty", "full", "2026-11-01")).containsExactly(1L);
        assertThat(Files.readString(home.resolve("dirty/sync.trade.dirty.2026-11-01.jsonl")))
                .contains("0000-00-00");
        scene.source("dirty", "dirty", "full", new TableRead(null, null, null, null, null, null, null, null, "null"));
        synced("dirty", "2026-11-01");
        assertThat(rows("dirty", "full", "2026-11-01"))
                .anySatisfy(row -> assertThat(row).containsEntry("id", 2L).containsEntry("at", null));
    }

    private static void synced(String source, String ds, String... more) {
        Ended ended = scene.sync(source, ds, more);
        assertThat(ended.code()).as(ended.err()).isZero();
    }

    private static TableRead read(
            String watermark, String overlap, List<String> key, String shards, String where, Integer channels) {
        return new TableRead(shards, watermark, overlap, key, where, channels, null, null, null);
    }

    private static PublishedPartition partition(String name, String mode, String ds) {
        return tables.partitions(TableName.parse(SyncScene.table(name, mode))).stream()
                .filter(p -> p.spec().toString().equals("ds=" + ds))
                .findFirst()
                .orElse(null);
    }

    private static List<Map<String, Object>> rows(String name, String mode, String ds) throws Exception {
        return Fixture.rows(Path.of(URI.create(partition(name, mode, ds).location())));
    }

    private static List<Object> ids(String name, String ds) throws Exception {
        return ids(name, "incremental", ds);
    }

    private static List<Object> ids(String name, String mode, String ds) throws Exception {
        return new ArrayList<>(
                rows(name, mode, ds).stream().map(row -> row.get("id")).toList());
    }

    private static List<String> columns(String name) {
        return tables.schema(TableName.parse("ods.ods_trade_" + name + "_df")).orElseThrow().columns().stream()
                .map(c -> c.name())
                .toList();
    }

    private static JsonNode record(String name, String mode, String ds) {
        Provenance provenance = tables.provenance(partition(name, mode, ds)).orElseThrow();
        return new ObjectMapper().valueToTree(provenance.details());
    }

    private static JsonNode warnings() throws Exception {
        return new ObjectMapper()
                .readTree(home.resolve("target/run-results.json").toFile())
                .path("results")
                .path(0)
                .path("warnings");
    }
}
