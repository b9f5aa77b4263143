package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.compile.InputDays;
import io.granary.tablestore.Column;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildCommandTest {
    private static final String DAY = "2026-11-01";
    private static final LocalWarehouse WAREHOUSE = LocalWarehouse.shared();

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private HiveJdbcSession session;
    private HiveTableStore store;

    @BeforeEach
    void open() {
        session = HiveJdbcSession.open(WAREHOUSE.profile());
        store = HiveTableStore.open(WAREHOUSE.profile(), session);
        System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        System.setErr(stderr);
        store.close();
        session.close();
    }

    @Test
    void buildsADayInGraphOrderAndAgain() throws Exception {
        String source = hits("ods.ods_first_hi");
        manifest(
                model(
                        "ads",
                        "ads_first",
                        "SELECT sum(s.hits) AS hits FROM dws.dws_first AS s WHERE s.ds = :ds",
                        "hits:bigint"),
                model(
                        "dws",
                        "dws_first",
                        // columns in another order than declared, and a text that is no parameter
                        "SELECT count(*) AS hits, ':ds' AS note, d.site FROM dwd.dwd_first AS d WHERE d.ds = :ds"
                                + " GROUP BY d.site -- per site",
                        "site:string",
                        "hits:bigint",
                        "note:string"),
                model("dwd", "dwd_first", "SELECT h.site FROM " + source + " AS h WHERE h.ds = :ds", "site:string"));

        assertThat(build("--ds", DAY))
                .as(messages.toString(StandardCharsets.UTF_8))
                .isZero();

        assertThat(session.query("SELECT site, hits, note FROM dws.dws_first WHERE ds = '" + DAY + "' ORDER BY site")
                        .rows())
                .containsExactly(List.of("a", 2L, ":ds"), List.of("b", 1L, ":ds"));
        assertThat(session.query("SELECT hits FROM ads.ads_first").single()).isEqualTo(3);
        RunResults results = results();
        assertThat(results.results())
                .extracting(Result::uniqueId)
                .containsExactly("model.dwd_first", "model.dws_first", "model.ads_first");
        assertThat(results.results()).extracting(Result::rowsAffected).containsExactly(3L, 2L, 1L);
        assertThat(results.results())
                .allSatisfy(result -> assertThat(result.timing())
                        .extracting(RunResults.Timing::name)
                        .containsExactly("inputs", "stage", "execute", "count", "test", "publish"));
        assertThat(results.args()).containsEntry("which", "build").containsEntry("ds", DAY);
        assertThat(messages.toString(StandardCharsets.UTF_8))
                .contains("[1/3] dwd_first")
                .contains("ds=2026-11-01  OK")
                .contains("3 ok, 0 error, 0 skipped");
        TableStore.PublishedPartition dws =
                store.partitions(new TableName("dws", "dws_first")).get(0);
        String dwdRun =
                store.partitions(new TableName("dwd", "dwd_first")).get(0).run().value();
        assertThat(Files.readString(Path.of(URI.create(dws.location())).resolveSibling("_granary.json")))
                .contains("\"producer\" : \"model.dws_first\"")
                .contains("\"sql_hash\" : \"hash-dws_first\"")
                .contains(dwdRun);

        assertThat(build("--ds", DAY, "--select", "dws_first+")).isZero();
        assertThat(results().results()).isEmpty();
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("nothing to do: 2 models are up to date");

        assertThat(build("--ds", DAY, "--select", "dws_first+", "--full-refresh"))
                .isZero();
        assertThat(results().results())
                .extracting(Result::uniqueId)
                .containsExactly("model.dws_first", "model.ads_first");
        assertThat(session.query("SELECT hits FROM ads.ads_first").single()).isEqualTo(3);
    }

    @Test
    void aFailureSkipsOnlyWhatDependsOnIt() throws Exception {
        String source = hits("ods.ods_second_hi");
        manifest(
                model(
                        "dwd",
                        "dwd_broken",
                        "SELECT h.sight AS site FROM " + source + " AS h WHERE h.ds = :ds",
                        "site:string"),
                model("dws", "dws_blocked", "SELECT site FROM dwd.dwd_broken WHERE ds = :ds", "site:string"),
                model("ads", "ads_blocked", "SELECT site FROM dws.dws_blocked WHERE ds = :ds", "site:string"),
                model("dwd", "dwd_sound", "SELECT h.site FROM " + source + " AS h WHERE h.ds = :ds", "site:string"));

        assertThat(build("--ds", DAY)).isEqualTo(1);

        Map<String, Result> results =
                results().results().stream().collect(Collectors.toMap(Result::uniqueId, Function.identity()));
        assertThat(results.get("model.dwd_sound").status()).isEqualTo(Status.SUCCESS);
        assertThat(results.get("model.dwd_broken").status()).isEqualTo(Status.ERROR);
        assertThat(results.get("model.dwd_broken").message())
                .contains("UNRESOLVED_COLUMN")
                .contains("sight");
        assertThat(results.get("model.dws_blocked").status()).isEqualTo(Status.SKIPPED);
        assertThat(results.get("model.ads_blocked").message()).isEqualTo("model.dwd_broken did not succeed");
        assertThat(store.partitions(new TableName("dwd", "dwd_broken"))).isEmpty();
        Path table = Path.of(URI.create(WAREHOUSE.profile().fs())).resolve("granary/warehouse/dwd/dwd_broken");
        try (var versions = Files.list(table)) {
            assertThat(versions.filter(v -> v.getFileName().toString().startsWith("v=")))
                    .isEmpty();
        }
        assertThat(session.query("SHOW TABLES IN granary_staging LIKE 'dwd__dwd_broken*'")
                        .rows())
                .isEmpty();
    }

    @Test
    void wrongUseIsSaidSo() {
        manifest(model("dwd", "dwd_only", "SELECT 1 AS x", "x:int"));
        assertThat(build("--ds", DAY, "--select", "dwd_onyl")).isEqualTo(2);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("Did you mean 'dwd_only'?");
        assertThat(build("--ds", "yesterday")).isEqualTo(2);
        assertThat(build()).isEqualTo(2);
        assertThat(build("--ds", DAY, "--threads", "0")).isEqualTo(2);
    }

    @Test
    void withoutAManifestItSaysWhatToDo() {
        assertThat(build("--ds", DAY)).isEqualTo(1);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("granary compile");
    }

    private int build(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "--home",
                folder.toString(),
                "--profile",
                WAREHOUSE.profileFile().toString()));
        return Commands.run(new BuildCommand(), all.toArray(String[]::new));
    }

    private RunResults results() throws Exception {
        Path file = new Home(folder).runResults();
        return RunResults.fromJson(Files.readString(file), file.toString());
    }

    /** Three rows of two sites on the day, one on the next. */
    private String hits(String name) {
        TableName table = TableName.parse(name);
        store.ensure(
                new TableSchema(table, List.of(new Column("site", "string")), List.of(new Column("ds", "string")), ""));
        TableStore.Staging staging = store.stage(table, RunId.next(Clock.systemUTC()));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds) SELECT * FROM VALUES"
                + " ('a', '2026-11-01'), ('a', '2026-11-01'), ('b', '2026-11-01'), ('a', '2026-11-02')");
        store.publish(
                staging,
                Set.of(PartitionSpec.of("ds", "2026-11-01"), PartitionSpec.of("ds", "2026-11-02")),
                new Provenance("source.x", "h", List.of()));
        return name;
    }

    /** Edges are read out of the SQL of these small models. */
    private void manifest(ModelNode... models) {
        List<Edge> edges = new ArrayList<>();
        for (ModelNode reader : models) {
            for (ModelNode read : models) {
                if (reader.inputs().contains(read.table())) {
                    edges.add(new Edge(read.id(), reader.id()));
                }
            }
        }
        Manifest.of("test")
                .models(InputDays.in(List.of(models)))
                .edges(edges)
                .manifest()
                .write(new Home(folder).manifest());
    }

    private static ModelNode model(String layer, String name, String sql, String... columns) {
        List<String> inputs = new ArrayList<>();
        var tables = java.util.regex.Pattern.compile("FROM (\\w+\\.\\w+)").matcher(sql);
        while (tables.find()) {
            inputs.add(tables.group(1));
        }
        List<ColumnNode> nodes = java.util.Arrays.stream(columns)
                .map(c -> new ColumnNode(c.split(":")[0], c.split(":")[1], false, "About " + c))
                .toList();
        return ModelNode.of("test", layer, name)
                .daily()
                .sql(sql)
                .description("Model's text")
                .access("public")
                .inputs(inputs)
                .columns(nodes)
                .hash("hash-" + name)
                .node();
    }
}
