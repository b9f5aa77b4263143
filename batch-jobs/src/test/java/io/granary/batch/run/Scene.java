package io.granary.batch.run;

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
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.run.RunResults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A home, small models and ODS tables of one test, on the warehouse that the tests share. */
final class Scene implements AutoCloseable {
    private static final Pattern READ = Pattern.compile("(?:FROM|JOIN) (\\w+\\.\\w+)");

    final LocalWarehouse warehouse = LocalWarehouse.shared();
    final HiveJdbcSession session = HiveJdbcSession.open(warehouse.profile());
    final HiveTableStore store = HiveTableStore.open(warehouse.profile(), session);
    final Path home;
    private Path profile = warehouse.profileFile();
    private final List<SourceNode> sources = new ArrayList<>();

    Scene(Path home) {
        this.home = home;
    }

    /** What a command wrote and how it ended. */
    record Outcome(int code, String out, String err) {
        List<String> lines() {
            return out.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        }
    }

    Outcome run(Object command, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--home", home.toString(), "--profile", profile.toString()));
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = Commands.run(command, all.toArray(String[]::new));
            return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }

    /** Commands reach one of the servers over another port from now on. */
    Scene through(int serverPort, int port) throws IOException {
        String text = Files.readString(profile);
        profile = home.resolve("profile-" + port + ".yaml");
        Files.writeString(profile, text.replace("127.0.0.1:" + serverPort, "127.0.0.1:" + port));
        return this;
    }

    RunResults results() {
        return RunResults.read(new Home(home).runResults());
    }

    /** A source table partitioned by {@code ds} or {@code ds, hh}; columns as {@code name:type}. */
    Scene source(String table, List<String> partition, String... columns) {
        List<Column> keys = partition.stream().map(k -> new Column(k, "string")).toList();
        List<Column> fields = Arrays.stream(columns)
                .map(c -> new Column(c.split(":")[0], c.split(":")[1]))
                .toList();
        store.ensure(new TableSchema(TableName.parse(table), fields, keys, ""));
        String name = table.replaceFirst(".*\\.", "");
        sources.add(SourceNode.of("log", "test", name)
                .table(table)
                .partition(partition)
                .node());
        return this;
    }

    /** Publishes a new version of one partition; {@code rows} is a VALUES list such as {@code ('a', 1), ('b', 2)}. */
    String publish(String table, String partition, String rows) {
        PartitionSpec spec = PartitionSpec.parse(partition);
        TableStore.Staging staging = store.stage(TableName.parse(table), RunId.next(Clock.systemUTC()));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION ("
                + String.join(
                        ", ",
                        spec.entries().stream()
                                .map(e -> e.column() + " = '" + e.value() + "'")
                                .toList())
                + ") SELECT * FROM VALUES " + rows);
        store.publish(staging, Set.of(spec), new Provenance("source.test", "h", List.of()));
        return staging.run().value();
    }

    Scene models(ModelNode... models) {
        manifest(models).write(new Home(home).manifest());
        return this;
    }

    Manifest manifest(ModelNode... models) {
        List<Edge> edges = new ArrayList<>();
        for (ModelNode reader : models) {
            sources.stream()
                    .filter(s -> reader.inputs().contains(s.table()))
                    .forEach(s -> edges.add(new Edge(s.id(), reader.id())));
            Arrays.stream(models)
                    .filter(m -> reader.inputs().contains(m.table()))
                    .forEach(m -> edges.add(new Edge(m.id(), reader.id())));
        }
        return Manifest.of("test")
                .sources(sources)
                .models(InputDays.in(List.of(models)))
                .edges(edges)
                .manifest();
    }

    /** An incremental model by day; the hash is that of its SQL. */
    static ModelNode model(String table, String sql, String... columns) {
        return model(table, "incremental", List.of("ds"), null, List.of(), List.of(), sql, columns);
    }

    static ModelNode model(
            String table,
            String materialization,
            List<String> partition,
            Integer lookback,
            List<String> key,
            List<String> tracked,
            String sql,
            String... columns) {
        Set<String> inputs = new java.util.TreeSet<>();
        Matcher read = READ.matcher(sql);
        while (read.find()) {
            inputs.add(read.group(1));
        }
        String name = table.replaceFirst(".*\\.", "");
        return ModelNode.of("test", table.replaceFirst("\\..*", ""), name)
                .table(table)
                .sql(sql)
                .partition(partition)
                .materialization(materialization)
                .access("public")
                .parameters(List.of("ds"))
                .inputs(List.copyOf(inputs))
                .columns(Arrays.stream(columns)
                        .map(c -> new ColumnNode(c.split(":")[0], c.split(":")[1], false, ""))
                        .toList())
                .hash(Integer.toHexString(sql.hashCode()))
                .lookback(lookback)
                .key(key)
                .tracked(tracked)
                .node();
    }

    /** The model with data tests. */
    static ModelNode tested(ModelNode model, TestNode... tests) {
        return model.with().tests(List.of(tests)).node();
    }

    /** A number that is the same when a table holds the same rows. */
    Object rowsHash(String table) {
        return session.query("SELECT count(*), sum(CAST(xxhash64(*) AS DECIMAL(38, 0))) FROM " + table)
                .rows()
                .get(0);
    }

    @Override
    public void close() {
        store.close();
        session.close();
    }
}
