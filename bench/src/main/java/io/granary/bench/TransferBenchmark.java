package io.granary.bench;

import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a table costs on its way from MariaDB to ORC on HDFS, and back. */
@Command(
        name = "transfer",
        mixinStandardHelpOptions = true,
        description = "Orders of 15 columns, MariaDB to ORC on HDFS and back: granary job run, a bare JDBC read loop,"
                + " Spark's JDBC, and DataX where DATAX_HOME is set; alternating in one run.")
final class TransferBenchmark implements Callable<Integer> {
    /** Column, its type in Hive, and the one that DataX can write instead. */
    private static final List<String[]> COLUMNS = List.of(
            new String[] {"id", "bigint", "bigint"},
            new String[] {"order_no", "string", "string"},
            new String[] {"user_id", "bigint", "bigint"},
            new String[] {"sku_id", "int", "int"},
            new String[] {"sku_name", "string", "string"},
            new String[] {"qty", "int", "smallint"},
            new String[] {"price", "decimal(12,2)", "double"},
            new String[] {"amount", "decimal(18,2)", "double"},
            new String[] {"status", "int", "tinyint"},
            new String[] {"is_new", "int", "tinyint"},
            new String[] {"city", "string", "string"},
            new String[] {"create_time", "timestamp", "timestamp"},
            new String[] {"pay_time", "timestamp", "timestamp"},
            new String[] {"remark", "string", "string"},
            new String[] {"weight", "double", "double"});

    private static final Map<String, String> DATAX_READS =
            Map.of("string", "string", "timestamp", "date", "double", "double");

    @Mixin
    private Place place;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "5000000", description = "Orders (default: 5000000)")
    private long rows;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Rounds (default: 3)")
    private int rounds;

    @Option(
            names = "--warm",
            paramLabel = "N",
            defaultValue = "0",
            description = "Instead: the job to ORC so many times in this JVM, the first third not counted")
    private int warm;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only runs whose name has this in it")
    private String only = "";

    private final PrintStream out = System.out;
    private final Map<String, List<Verbs.Ran>> ran = new LinkedHashMap<>();
    private final Map<String, List<Double>> servers = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Connection shop = place.profile().connection("shop");
        prepare(shop);
        if (warm > 0) {
            new WarmJob(job("transfer-out.json", shop, "${connection:shop}", "/bench/warm", false), place.home())
                    .run(warm, rows, out);
            return 0;
        }
        Path datax = System.getenv("DATAX_HOME") == null ? null : Path.of(System.getenv("DATAX_HOME"));
        ClusterCpu cluster = new ClusterCpu(place.home(), List.of("hdfs", "mariadb"));
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<String, Callable<Verbs.Ran>> run :
                    runs(shop, datax, round).entrySet()) {
                if (run.getKey().contains(only)) {
                    cluster.sinceLast();
                    Verbs.Ran took = run.getValue().call();
                    ran.computeIfAbsent(run.getKey(), k -> new ArrayList<>()).add(took);
                    servers.computeIfAbsent(run.getKey(), k -> new ArrayList<>())
                            .add(cluster.sinceLast());
                    say("round " + round + ", " + run.getKey() + ": " + Figures.s(Figures.seconds(took.wall())) + " s, "
                            + Figures.s(Figures.seconds(took.cpu())) + " CPU-s");
                }
            }
            same(shop);
        }
        report();
        return 0;
    }

    private Map<String, Callable<Verbs.Ran>> runs(Connection shop, Path datax, int round) throws IOException {
        String spark = place.profile().fs() + "/bench/spark-" + round;
        Path outJob = job("transfer-out.json", shop, "${connection:shop}", "/bench/native-" + round, false);
        Path inJob = job("transfer-in.json", shop, "${connection:shop}", "/bench/native-" + round, false);
        Map<String, Callable<Verbs.Ran>> runs = new LinkedHashMap<>();
        runs.put("read loop, rows dropped", () -> peer(shop, "read"));
        runs.put("to ORC: native", () -> place.verbs().run("job", "run", outJob.toString()));
        runs.put("to ORC: Spark JDBC", () -> peer(shop, "spark-out", spark));
        runs.put("to MariaDB: native", () -> place.verbs().run("job", "run", inJob.toString()));
        runs.put("to MariaDB: Spark JDBC", () -> peer(shop, "spark-in", spark));
        if (datax != null) {
            Path dataxOut = job("transfer-out.json", shop, shop.password(), "/bench/datax-" + round, true);
            Path dataxIn = job("transfer-in.json", shop, shop.password(), "/bench/datax-" + round, true);
            // DataX writes into a folder that is there
            hdfs("/bench/datax-" + round);
            runs.put("to ORC: DataX", () -> datax(datax, dataxOut));
            runs.put("to MariaDB: DataX", () -> datax(datax, dataxIn));
        }
        return runs;
    }

    private void hdfs(String folder) throws IOException {
        org.apache.hadoop.fs.Path path =
                new org.apache.hadoop.fs.Path(place.profile().fs() + folder);
        path.getFileSystem(io.granary.tablestore.HadoopSettings.of(place.profile()))
                .mkdirs(path);
    }

    private Verbs.Ran datax(Path home, Path job) {
        return Verbs.timed(
                List.of(
                        "python3",
                        home.resolve("bin/datax.py").toString(),
                        "-j",
                        "-Xms1g -Xmx1g --add-opens=java.base/java.net=ALL-UNNAMED",
                        job.toString()),
                ProcessBuilder.Redirect.DISCARD,
                place.home().root(),
                Map.of());
    }

    /** A job's file; its owner alone can read it, for DataX's has the password. */
    private Path job(String template, Connection shop, String password, String folder, boolean forDatax)
            throws IOException {
        String names = COLUMNS.stream().map(c -> "\"" + c[0] + "\"").collect(Collectors.joining(", "));
        String types = COLUMNS.stream()
                .map(c -> "{\"name\": \"" + c[0] + "\", \"type\": \"" + (forDatax ? c[2] : c[1]) + "\"}")
                .collect(Collectors.joining(", "));
        String places = IntStream.range(0, COLUMNS.size())
                .mapToObj(i -> "{\"index\": " + i + ", \"type\": \""
                        + DATAX_READS.getOrDefault(COLUMNS.get(i)[2], "long") + "\"}")
                .collect(Collectors.joining(", "));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("password", password);
        values.put("folder", folder);
        values.put("places", places);
        values.put("names", names);
        values.put("types", types);
        values.put("user", shop.user());
        values.put("url", "jdbc:mysql://" + shop.host() + ":" + shop.port() + "/" + shop.database());
        values.put("fs", place.profile().fs());
        Path file = Files.createTempFile(
                place.home().root(),
                "job",
                ".json",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, Resource.text(template, values));
    }

    private Verbs.Ran peer(Connection shop, String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + CommonOptions.distribution().resolve("conf/jvm/spark"),
                "-Xmx1g",
                "-Dlog4j2.configurationFile=" + CommonOptions.distribution().resolve("conf/log4j2.properties"),
                "-cp",
                System.getProperty("java.class.path"),
                TransferPeer.class.getName(),
                words[0],
                shop.jdbcUrl(),
                Long.toString(rows)));
        command.addAll(List.of(words).subList(1, words.length));
        return Verbs.timed(
                command,
                ProcessBuilder.Redirect.DISCARD,
                place.home().root(),
                Map.of(TransferPeer.PASSWORD, shop.password()));
    }

    private void prepare(Connection shop) throws SQLException {
        say("making " + rows + " orders");
        try (java.sql.Connection connection = connect(shop);
                Statement statement = connection.createStatement()) {
            for (String table : List.of("orders", "orders_in")) {
                statement.execute("DROP TABLE IF EXISTS " + table);
                statement.execute(Resource.text("transfer-table.sql", Map.of("table", table)));
            }
            statement.execute(Resource.text("transfer-orders.sql", Map.of("rows", rows)));
        }
    }

    private static java.sql.Connection connect(Connection shop) throws SQLException {
        return DriverManager.getConnection(shop.jdbcUrl(), shop.user(), shop.password());
    }

    /** What came back is what went out. */
    private void same(Connection shop) throws SQLException {
        if (!"to MariaDB: native".contains(only)) {
            return;
        }
        String sums =
                "SELECT concat_ws(' ', count(*), sum(id), sum(amount), sum(crc32(concat_ws(',', order_no, sku_name,"
                        + " city, create_time, pay_time, remark, weight)))) FROM ";
        try (java.sql.Connection connection = connect(shop);
                Statement statement = connection.createStatement()) {
            String there = value(statement, sums + "orders");
            String back = value(statement, sums + "orders_in");
            if (!there.equals(back)) {
                throw new GranaryException(ErrorCode.DATA, "orders are " + there + ", what came back is " + back);
            }
        }
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void report() {
        List<List<String>> table = new ArrayList<>();
        ran.forEach((name, runs) -> {
            List<Double> wall =
                    runs.stream().map(r -> Figures.seconds(r.wall())).toList();
            List<Double> cpu = runs.stream().map(r -> Figures.seconds(r.cpu())).toList();
            table.add(List.of(
                    name,
                    Figures.spread(wall),
                    Figures.spread(cpu),
                    Figures.s(Figures.median(servers.get(name))),
                    perSecond(Figures.median(wall)),
                    perSecond(Figures.median(cpu))));
        });
        out.println(
                rows + " orders of 15 columns, " + rounds + " rounds; seconds, median (range). CPU is that of the whole"
                        + " process from its start; of HDFS and MariaDB beside it.");
        out.println();
        Figures.table(out, List.of("", "wall", "CPU", "servers' CPU", "rows/s", "rows per CPU-second"), table);
    }

    private String perSecond(double seconds) {
        return String.format(Locale.ROOT, "%,.0f", rows / seconds);
    }

    private static void say(String message) {
        System.err.println("bench: " + message);
    }
}
