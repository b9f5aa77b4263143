package io.granary.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What one call of a SQL function costs, against what Spark's own functions can do in its place. */
@Command(
        name = "functions",
        mixinStandardHelpOptions = true,
        description =
                "CPU time of a call of each enrichment function and of Spark's own alternatives, without a cluster.")
final class FunctionsBenchmark implements Callable<Integer> {
    @Mixin
    private Place place;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "200000", description = "Rows (default: 200000)")
    private long rows;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Rounds (default: 3)")
    private int rounds;

    private record Call(String group, String sql) {}

    @Override
    public Integer call() throws TimeoutException {
        List<Call> calls = calls();
        try (SparkSession spark = LocalSpark.session(place, 1)) {
            spark.sparkContext().setLogLevel("ERROR");
            AtomicLong cpu = taskCpu(spark);
            spark.sql(Resource.text("functions.sql", Map.of("rows", rows))).createOrReplaceTempView("made");
            spark.sql("CACHE TABLE hits AS SELECT * FROM made");
            Map<Call, List<Double>> times = new LinkedHashMap<>();
            for (int round = 0; round <= rounds; round++) {
                for (Call call : calls) {
                    double bare = micros(spark, cpu, argument(call.sql()));
                    double whole = micros(spark, cpu, call.sql());
                    if (round > 0) {
                        times.computeIfAbsent(call, c -> new ArrayList<>()).add(whole - bare);
                    }
                }
            }
            print(times);
        }
        return 0;
    }

    private void print(Map<Call, List<Double>> times) {
        System.out.println(
                rows + " rows, " + rounds + " rounds after a warm-up, one core; microseconds of CPU a call, beyond"
                        + " reading the column, median (range):");
        System.out.println();
        List<List<String>> lines = new ArrayList<>();
        Map<String, Double> ours = new LinkedHashMap<>();
        times.forEach((call, all) -> {
            double median = Figures.median(all);
            double first = ours.computeIfAbsent(call.group(), group -> median);
            String sql = call.sql().length() > 75 ? call.sql().substring(0, 72) + "..." : call.sql();
            lines.add(List.of(
                    call.group(),
                    "`" + sql.replace("|", "\\|") + "`",
                    Figures.spread(all),
                    String.format(Locale.ROOT, "%.1f", median / first)));
        });
        Figures.table(System.out, List.of("", "expression", "µs a call", "times ours"), lines);
    }

    /** CPU time of the tasks that make this column of all rows, for one row. */
    private double micros(SparkSession spark, AtomicLong cpu, String expression) throws TimeoutException {
        cpu.set(0);
        spark.sql("SELECT " + expression + " AS v FROM hits")
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
        spark.sparkContext().listenerBus().waitUntilEmpty();
        return cpu.get() / 1e3 / rows;
    }

    /** The column that an expression reads. */
    private static String argument(String sql) {
        return List.of("fresh_agent", "agent", "url", "ip").stream()
                .filter(column -> sql.matches("(?s)(.*\\W|)" + column + "\\b.*"))
                .findFirst()
                .orElseThrow();
    }

    private static AtomicLong taskCpu(SparkSession spark) {
        AtomicLong cpu = new AtomicLong();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                cpu.addAndGet(task.taskMetrics().executorCpuTime());
            }
        });
        return cpu;
    }

    private static List<Call> calls() {
        String isbot = Resource.text("/io/granary/functions/agent/isbot/patterns.txt", Map.of())
                .lines()
                .collect(Collectors.joining("|"))
                .replace("\\", "\\\\");
        return Resource.text("functions.txt", Map.of("isbot", isbot))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\\|", 2))
                .map(cells -> new Call(cells[0].strip(), cells[1].strip()))
                .toList();
    }
}
