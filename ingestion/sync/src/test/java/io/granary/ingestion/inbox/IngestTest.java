package io.granary.ingestion.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.command.VerbProgram;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The course of an ingest: real files, a real position file, and a launcher whose verbs are a script that keeps account of
 * how it was called.
 */
class IngestTest {
    private static final Ingest.Patience SHORT =
            new Ingest.Patience(Duration.ofMillis(400), Duration.ofSeconds(10), Duration.ofMillis(20));
    private static final String TABLE = "ods.ods_traffic_access_log_hi";

    @TempDir
    Path folder;

    private Home home;
    private Path log;
    private VerbCalls launcher;
    private final StringWriter progress = new StringWriter();

    @BeforeEach
    void prepare() throws IOException {
        home = new Home(folder.resolve("home"));
        home.prepare();
        manifest().write(home.manifest());
        log = Files.writeString(folder.resolve("access.log"), IncomingTest.LINE.repeat(9) + "broken\n");
        Path script = Files.writeString(folder.resolve("granary"), """
                #!/bin/sh
                cd %s
                echo "$@" | sed 's/ -e .*--output/ -e ... --output/' >> calls
                case "$1" in
                seal) cp run-results.json home/target/run-results.json; [ -e sealed ] && cp after.csv answer.csv; touch sealed;;
                sql) cat answer.csv;;
                build) [ ! -e build-fails ];;
                esac
                """.formatted(folder));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        launcher = new VerbCalls(new VerbProgram(script, List.of("--home", "H")));
        Files.writeString(folder.resolve("run-results.json"), """
                {"results": [{"unique_id": "source.traffic.access_log",
                  "partitions": ["ds=2015-05-18/hh=00", "ds=2015-05-17/hh=10", "ds=2015-05-17/hh=11"]}]}
                """);
        Files.writeString(folder.resolve("answer.csv"), "kind,file,site,a,b,c,d,text\n");
        String sha = sha();
        Files.writeString(
                folder.resolve("after.csv"),
                "kind,file,site,a,b,c,d,text\nsealed," + sha + ",my-shop,9,0,1,0,\nday," + sha
                        + ",my-shop,9,0,0,0,2015-05-17\nquarantined," + sha + ",my-shop,10,0,0,0,6E6F20737061636573\n");
    }

    @Test
    void aFileGoesThroughSealAndModelsDayByDay() throws IOException {
        agentIsRunning(ProcessHandle.current().pid());
        agentHasRead(Files.size(log));
        List<String> summary = ingest();
        assertThat(summary.get(0))
                .endsWith("access.log: 10 lines read, 9 added, 0 duplicate, 1 quarantined as site my-shop");
        assertThat(summary.get(1)).isEqualTo("  line 10: no spaces");
        assertThat(summary.get(2)).isEqualTo("days: 2015-05-17 (9)");
        assertThat(Files.readAllLines(folder.resolve("calls")))
                .as("the first seal came before the lines had landed")
                .containsExactly(
                        "seal traffic.access_log --home H",
                        "sql -e ... --output csv --home H",
                        "seal traffic.access_log --home H",
                        "sql -e ... --output csv --home H",
                        "build --select dwd_traffic_hit_di dws_traffic_site_1d --ds 2015-05-17 --home H",
                        "build --select dwd_traffic_hit_di dws_traffic_site_1d --ds 2015-05-18 --home H");
        assertThat(home.inbox().resolve("traffic.access_log/my-shop/" + sha() + ".log"))
                .hasSameBinaryContentAs(log);
    }

    @Test
    void theSameContentAgainAddsNothing() throws IOException {
        agentIsRunning(ProcessHandle.current().pid());
        agentHasRead(Files.size(log));
        ingest();
        Files.delete(folder.resolve("calls"));
        Path packed = Files.write(folder.resolve("other-name.gz"), IncomingTest.gzip(Files.readString(log)));
        List<String> summary = ingest(packed, "other-site");
        assertThat(summary.get(0))
                .endsWith("other-name.gz: 0 lines added: this content is already in the warehouse as site my-shop"
                        + " (9 loaded, 1 quarantined)");
        assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(1);
        assertThat(home.inbox().resolve("traffic.access_log/other-site")).doesNotExist();
    }

    @Test
    void anIngestThatDiedGoesOn() throws IOException {
        agentIsRunning(ProcessHandle.current().pid());
        agentHasRead(Files.size(log));
        Files.createFile(folder.resolve("build-fails"));
        assertThatThrownBy(this::ingest).hasMessageContaining("`granary build --select");
        Files.delete(folder.resolve("build-fails"));
        Files.delete(folder.resolve("calls"));
        assertThat(ingest().get(0)).contains("9 added");
        assertThat(Files.readString(folder.resolve("calls"))).contains("build", "2015-05-17");
    }

    @Test
    void withoutAnAgentNothingIsTaken() throws IOException {
        assertThatThrownBy(this::ingest)
                .hasMessageContaining("Flume agent is not running")
                .hasMessageContaining("granary up");
        assertThat(home.inbox().resolve("traffic.access_log/my-shop")).doesNotExist();
    }

    @Test
    void anAgentThatStandsStillIsReported() throws IOException {
        agentIsRunning(ProcessHandle.current().pid());
        agentHasRead(5);
        assertThatThrownBy(this::ingest)
                .hasMessageContaining("has read 5 of " + Files.size(log) + " bytes")
                .hasMessageContaining("granary logs flume");
    }

    @Test
    void aBadFileAmongGoodOnesMeansThatNoneIsTaken() throws IOException {
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new IngestCommand(SHORT)).setErr(new PrintWriter(err));
        StringWriter failure = new StringWriter();
        line.setExecutionExceptionHandler((e, cmd, parsed) -> {
            failure.append(e.getMessage());
            return 1;
        });
        int code = line.execute(
                "access-log",
                log.toString(),
                folder.resolve("gone.log").toString(),
                "--site",
                "my-shop",
                "--home",
                home.root().toString());
        assertThat(code).isEqualTo(1);
        assertThat(failure.toString()).contains("gone.log: no such file", "Nothing was taken.");
        assertThat(err.toString()).contains("access.log: 10 lines", "(line 10)");
        assertThat(home.inbox().resolve("traffic.access_log")).isEmptyDirectory();
    }

    private List<String> ingest() {
        return ingest(log, "my-shop");
    }

    private List<String> ingest(Path file, String site) {
        Incoming incoming = Incoming.read(file, home.inbox().resolve("traffic.access_log"));
        Manifest manifest = Manifest.read(home.manifest());
        return new Ingest(home, manifest, manifest.sources().get(0), launcher, SHORT, new PrintWriter(progress))
                .run(List.of(incoming), site);
    }

    private String sha() {
        Incoming incoming = Incoming.read(log, folder.resolve("sha"));
        incoming.discard();
        return incoming.sha256();
    }

    private void agentIsRunning(long pid) throws IOException {
        Files.createDirectories(home.run());
        Files.writeString(home.run().resolve("flume.json"), "{\"pid\": " + pid + "}");
    }

    private void agentHasRead(long offset) throws IOException {
        Files.createDirectories(home.data("flume"));
        Files.writeString(
                home.data("flume").resolve("positions-traffic.access_log.json"),
                "{\"version\":1,\"files\":{\"" + sha() + "\":{\"path\":\"p\",\"offset\":" + offset
                        + ",\"lines\":10,\"partition\":0}}}");
    }

    private static Manifest manifest() {
        SourceNode source = SourceNode.of("log", "traffic", "access_log")
                .hourly()
                .table(TABLE)
                .format("combined")
                .eventTime("event_at")
                .inbox(true)
                .node();
        return Manifest.of("test")
                .sources(List.of(source))
                .models(List.of(model("dws", "dws_traffic_site_1d"), model("dwd", "dwd_traffic_hit_di")))
                .edges(List.of(
                        new Edge("source.traffic.access_log", "model.dwd_traffic_hit_di"),
                        new Edge("model.dwd_traffic_hit_di", "model.dws_traffic_site_1d")))
                .manifest();
    }

    private static ModelNode model(String layer, String name) {
        return ModelNode.of("traffic", layer, name)
                .daily()
                .sql("SELECT 1")
                .access("public")
                .node();
    }
}
