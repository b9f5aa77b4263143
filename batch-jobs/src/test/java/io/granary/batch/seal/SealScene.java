package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.run.RunResults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** A home of its own in front of the shared warehouse, and the verbs of sealing as a person calls them. */
final class SealScene {
    /** The tests land files themselves. */
    private static final CollectorProgress NO_TOPIC = new CollectorWaitTest.Offsets(Optional.empty(), Map.of());

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final Path fileSystem = Path.of(URI.create(warehouse.profile().fs()));
    private final Path home;

    SealScene(Path home, SourceNode... sources) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("target"));
        manifest(sources);
    }

    LocalWarehouse warehouse() {
        return warehouse;
    }

    LandedChunks landing(String source) throws IOException {
        return new LandedChunks(fileSystem, source);
    }

    static String hit(String time, String url) {
        return "1.2.3.4 - - [01/Nov/2026:" + time + " +0000] \"GET " + url + " HTTP/1.1\" 200 5 \"-\" \"curl\"\n";
    }

    /** Seals, without waiting unless {@code --wait} is among the arguments. */
    String seal(int exitCode, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--wait")) {
            all.addAll(List.of("--wait", "0"));
        }
        return run(
                () -> new SealCommand(Sessions.HIVE_JDBC, (profile, source) -> NO_TOPIC),
                exitCode,
                all.toArray(String[]::new));
    }

    /** What a verb prints. */
    String run(Supplier<Callable<Integer>> command, int exitCode, String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try {
            System.setOut(both);
            System.setErr(both);
            List<String> all = new ArrayList<>(List.of("--home", home.toString()));
            all.addAll(List.of("--profile", warehouse.profileFile().toString()));
            all.addAll(List.of(arguments));
            int code = Commands.run(command.get(), all.toArray(String[]::new));
            assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isEqualTo(exitCode);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    RunResults results() throws IOException {
        Path file = home.resolve("target/run-results.json");
        return RunResults.fromJson(Files.readString(file), file.toString());
    }

    /** hour, read, loaded, duplicate, quarantined, lost, missing of the account, summed up by hour. */
    List<String> account(String source) {
        return rows("SELECT hh, SUM(read_lines), SUM(loaded), SUM(duplicate), SUM(quarantined), SUM(lost), SUM(missing)"
                + " FROM ods.granary_log_account WHERE source = '" + source + "' GROUP BY hh ORDER BY hh");
    }

    /** Everything that sealing has written of a source, without what names the seal. */
    List<String> everything(String source, String table) {
        List<String> all = new ArrayList<>(rows(
                "SELECT file, line_offset, line_number, url, ds, hh FROM " + table + " ORDER BY file, line_number"));
        all.addAll(
                rows("SELECT file, line_offset, reason, replayed_by IS NULL FROM ods.granary_quarantine WHERE source ="
                        + " '" + source + "' ORDER BY file, line_offset"));
        all.addAll(account(source));
        all.addAll(rows("SELECT file, start_offset, end_offset, first_line, last_line FROM ods.granary_log_sealed WHERE"
                + " source = '" + source + "' ORDER BY file, start_offset"));
        return all;
    }

    /** Staging tables of a source that are left; other tests leave some on purpose. */
    long staged(String subject) {
        return warehouse
                .spark()
                .sql("SHOW TABLES IN granary_staging LIKE 'ods__ods_" + subject + "_access*'")
                .count();
    }

    /** Records of seals, newest last. */
    List<Path> records(String source) throws IOException {
        try (Stream<Path> files = Files.list(seals(source))) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    Path seals(String source) {
        return fileSystem.resolve("granary/landing/" + source + "/_seals");
    }

    List<String> rows(String sql) {
        return warehouse.spark().sql(sql).collectAsList().stream()
                .map(SealScene::text)
                .toList();
    }

    private static String text(Row row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(String.valueOf(row.get(i)));
        }
        return String.join("|", cells);
    }

    /** Puts another project in place. */
    void manifest(SourceNode... sources) {
        Manifest.of("test")
                .generatedAt(Instant.parse("2026-11-01T10:30:00Z"))
                .sources(List.of(sources))
                .manifest()
                .write(home.resolve("target/manifest.json"));
    }

    static SourceNode access(String name) {
        return source(name, "combined", List.of());
    }

    static SourceNode json(String name) {
        return json(name, true);
    }

    /** @param idRequired a line without event_id is rejected */
    static SourceNode json(String name, boolean idRequired) {
        return source(
                name,
                "json",
                List.of(
                        new ColumnNode("event_id", "string", idRequired, "Id."),
                        new ColumnNode("event_at", "timestamp", true, "Time."),
                        new ColumnNode("clicks", "int", false, "Number.")));
    }

    static SourceNode source(String name, String format, List<ColumnNode> columns) {
        return source(name, format, "event_at", columns);
    }

    static SourceNode source(String name, String format, String eventTime, List<ColumnNode> columns) {
        String subject = name.substring(0, name.indexOf('.'));
        String bare = name.substring(name.indexOf('.') + 1);
        return SourceNode.of("log", subject, bare)
                .hourly()
                .description("A log.")
                .table("ods.ods_" + subject + "_" + bare + "_hi")
                .format(format)
                .eventTime(eventTime)
                .topic("granary." + name)
                .columns(columns)
                .node();
    }

    /** Lets a seal or a replay end as a process does that is killed after a step. */
    void die(SourceNode source, SourceSeal.Step last, BiConsumer<SourceSeal, Landing> what) {
        Profile profile = warehouse().profile();
        try (Landing landing = Landing.open(profile, source.qualifiedName());
                SqlSession sql = HiveJdbcSession.open(profile);
                TableStore store = HiveTableStore.open(profile, sql)) {
            SealCommand.prepare(sql);
            SourceSeal seal = new SourceSeal(
                    source,
                    landing,
                    store,
                    sql,
                    Clock.systemUTC(),
                    new SourceSeal.Expected(Set.of(), Duration.ofHours(2)),
                    step -> {
                        if (step == last) {
                            throw new ThreadDeath();
                        }
                    });
            assertThatThrownBy(() -> what.accept(seal, landing)).isInstanceOf(ThreadDeath.class);
        }
    }
}
