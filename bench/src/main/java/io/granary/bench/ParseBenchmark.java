package io.granary.bench;

import com.sun.management.OperatingSystemMXBean;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What it costs to read log lines in SQL: Granary's functions beside from_json and regexp_extract. */
@Command(
        name = "parse",
        mixinStandardHelpOptions = true,
        description = "Log lines parsed by Spark SQL: Granary's functions, from_json, regexp_extract. No cluster.")
final class ParseBenchmark implements Callable<Integer> {
    @Mixin
    private Place place;

    @Option(names = "--mb", paramLabel = "N", defaultValue = "1024", description = "MB of each log (default: 1024)")
    private int megabytes;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Rounds (default: 3)")
    private int rounds;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            description = "Only variants in whose name this regular expression is found")
    private Pattern only = Pattern.compile("");

    @Option(names = "--log", paramLabel = "NAME", description = "Only the log of this name: combined or json")
    private String chosen = "";

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Seconds of one round. */
    private record Took(double wall, double cpu) {}

    @Override
    public Integer call() {
        String folder = place.home().root().resolve("parse").toUri().toString();
        try (SparkSession spark = LocalSpark.session(place, 2)) {
            say("writing " + megabytes + " MB of each log as landing files (Avro, Snappy)");
            for (ParseLog log : ParseLog.values()) {
                if (!log.title().contains(chosen)) {
                    continue;
                }
                long lines = log.write(spark, folder + log.title(), megabytes);
                measure(spark, log, folder + log.title(), lines);
            }
        }
        return 0;
    }

    private void measure(SparkSession spark, ParseLog log, String folder, long lines) {
        spark.sql("CREATE OR REPLACE TEMPORARY VIEW landing USING avro OPTIONS (path '" + folder + "')");
        spark.sql(Resource.text("parse-lines.sql", Map.of()));
        String text = folder + "-text";
        spark.table("lines").write().mode("overwrite").text(text);
        spark.sql("CREATE OR REPLACE TEMPORARY VIEW text_lines USING text OPTIONS (path '" + text + "')");
        List<ParseLog.Variant> variants = log.variants().stream()
                .filter(v -> only.matcher(v.name()).find())
                .toList();
        Map<String, List<Took>> times = new LinkedHashMap<>();
        Map<String, String> results = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (ParseLog.Variant variant : variants) {
                String result = run(spark, variant, round, times);
                String first = results.putIfAbsent(variant.answer(), result);
                if (first != null && !first.equals(result)) {
                    throw new GranaryException(
                            ErrorCode.DATA, log.title() + ", " + variant.name() + ": " + result + " and not " + first);
                }
            }
        }
        report(log, variants, times, lines);
    }

    private String run(SparkSession spark, ParseLog.Variant variant, int round, Map<String, List<Took>> times) {
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        List<Row> rows = spark.sql(variant.sql()).collectAsList();
        Took took = new Took((System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
        say((round == 0 ? "warm-up: " : "round " + round + ": ") + variant.name() + " " + Figures.s(took.wall())
                + " s, CPU " + Figures.s(took.cpu()) + " s");
        if (round > 0) {
            times.computeIfAbsent(variant.name(), v -> new ArrayList<>()).add(took);
        }
        return rows.toString();
    }

    private void report(ParseLog log, List<ParseLog.Variant> variants, Map<String, List<Took>> times, long lines) {
        Map<String, Double> best = new LinkedHashMap<>();
        variants.forEach(v -> best.merge(v.answer(), cpu(times, v), Math::min));
        List<List<String>> rows = new ArrayList<>();
        for (ParseLog.Variant variant : variants) {
            double cpu = cpu(times, variant);
            rows.add(List.of(
                    variant.name(),
                    Figures.spread(
                            times.get(variant.name()).stream().map(Took::wall).toList()),
                    Figures.spread(
                            times.get(variant.name()).stream().map(Took::cpu).toList()),
                    String.format(Locale.ROOT, "%.2f", cpu * 1e6 / lines),
                    String.format(Locale.ROOT, "%.0f", megabytes / cpu),
                    String.format(Locale.ROOT, "%.1f", cpu / best.get(variant.answer()))));
        }
        System.out.println(log.title() + ": " + lines + " lines, " + megabytes + " MB in chunks of 64 KB, " + rounds
                + " rounds after a warm-up, local[2]; seconds, median (range). CPU is that of the whole JVM.");
        System.out.println();
        Figures.table(System.out, List.of("", "wall", "CPU", "CPU µs / event", "MB / s / core", "CPU / best"), rows);
    }

    private static double cpu(Map<String, List<Took>> times, ParseLog.Variant variant) {
        return Figures.median(times.get(variant.name()).stream().map(Took::cpu).toList());
    }

    private static void say(String message) {
        System.err.println("bench: " + message);
    }
}
