package io.granary.bench;

import io.granary.tablestore.TableName;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What Granary adds to the SQL of a chain of models, and what one machine's engine takes for the same rows. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "The traffic chain on one generated day: granary run and build, the same SQL bare, DuckDB;"
                + " alternating in one run.")
final class EngineBenchmark implements Callable<Integer> {
    private static final String DS = "2026-11-01";
    private static final List<String> CHAIN =
            List.of("dwd_traffic_hit_di", "dws_traffic_site_1d", "ads_traffic_site_overview");
    private static final String[] SELECT = {
        "--ds", DS, "--threads", "1", "--full-refresh", "--select", "subject:traffic"
    };

    @Mixin
    private Place place;

    @Option(names = "--lines", paramLabel = "N", defaultValue = "5000000", description = "Log lines (default: 5000000)")
    private long lines;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Rounds (default: 5)")
    private int rounds;

    private final PrintStream out = System.out;
    private final Map<String, List<Double>> cpu = new LinkedHashMap<>();
    private final List<Double> bare = new ArrayList<>();
    private final List<Map<String, Double>> bareStatements = new ArrayList<>();
    private final List<Double> duck = new ArrayList<>();
    private final Map<String, List<Double>> walls = new LinkedHashMap<>();
    private final Map<String, List<Account>> accounts = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Verbs verbs = place.verbs();
        verbs.run("compile");
        Manifest manifest = Manifest.read(place.home().manifest());
        SourceNode source = Place.source(manifest, "source.traffic.access_log");
        List<ModelNode> models =
                CHAIN.stream().map(name -> Place.model(manifest, name)).toList();
        Path folder = place.home().root().resolve("duckdb");
        try (Warehouse warehouse = place.warehouse()) {
            say("writing " + lines + " parsed lines into " + source.table());
            warehouse.publish(source, Resource.text("access-log.sql", Map.of("lines", lines, "ds", DS)));
            warehouse
                    .session()
                    .execute("INSERT OVERWRITE DIRECTORY '"
                            + folder.resolve("ods").toUri() + "' USING parquet SELECT * FROM " + source.table()
                            + " WHERE ds = '" + DS + "'");
            BareChain chain = new BareChain(warehouse.session(), models, DS);
            chain.create();
            try (DuckChain ducks = new DuckChain(folder)) {
                for (int round = 0; round <= rounds; round++) {
                    round(round, verbs, warehouse, models, chain, ducks);
                }
                compare(warehouse, models, ducks, folder);
            }
        }
        report();
        return 0;
    }

    /** Round 0 warms up and does not count. */
    private void round(
            int round, Verbs verbs, Warehouse warehouse, List<ModelNode> models, BareChain chain, DuckChain ducks) {
        ClusterCpu cluster = new ClusterCpu(place.home());
        Map<String, Double> statements = chain.run();
        double bareCpu = cluster.sinceLast();
        double bareSeconds =
                statements.values().stream().mapToDouble(Double::doubleValue).sum();
        Verbs.Ran run = verbs.run(words("run"));
        double runCpu = cluster.sinceLast() + Figures.seconds(run.cpu());
        Account runAccount = Account.of(run, verbs.results());
        Verbs.Ran build = verbs.run(words("build"));
        double buildCpu = cluster.sinceLast() + Figures.seconds(build.cpu());
        Account buildAccount = Account.of(build, verbs.results());
        double duckSeconds = ducks.run();
        models.forEach(model -> warehouse.dropOldVersions(TableName.parse(model.table())));
        say((round == 0 ? "warm-up" : "round " + round) + ": bare " + Figures.s(bareSeconds) + " s, run "
                + Figures.s(Figures.seconds(run.wall())) + " s, build " + Figures.s(Figures.seconds(build.wall()))
                + " s, DuckDB " + Figures.s(duckSeconds) + " s");
        if (round == 0) {
            return;
        }
        bare.add(bareSeconds);
        cpu.computeIfAbsent("bare", v -> new ArrayList<>()).add(bareCpu);
        cpu.computeIfAbsent("run", v -> new ArrayList<>()).add(runCpu);
        cpu.computeIfAbsent("build", v -> new ArrayList<>()).add(buildCpu);
        bareStatements.add(statements);
        duck.add(duckSeconds);
        keep("run", run, runAccount);
        keep("build", build, buildAccount);
    }

    private static String[] words(String verb) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(List.of(SELECT));
        return words.toArray(String[]::new);
    }

    private void keep(String verb, Verbs.Ran ran, Account account) {
        walls.computeIfAbsent(verb, v -> new ArrayList<>()).add(Figures.seconds(ran.wall()));
        accounts.computeIfAbsent(verb, v -> new ArrayList<>()).add(account);
    }

    /** All three must have made the same rows. */
    private void compare(Warehouse warehouse, List<ModelNode> models, DuckChain ducks, Path folder) {
        String spark = "SELECT count(*) AS hits, sum(bytes) AS bytes, count_if(is_page_view) AS page_views,"
                + " sum(CAST(conv(substr(visitor_id, 1, 8), 16, 10) AS BIGINT)) AS visitors, sum(length(path)) AS paths,"
                + " sum(unix_timestamp(event_at)) AS seconds FROM ";
        String duckSql = "SELECT count(*) AS hits, sum(bytes) AS bytes, count_if(is_page_view) AS page_views,"
                + " sum(('0x' || substr(visitor_id, 1, 8))::BIGINT) AS visitors, sum(length(path)) AS paths,"
                + " sum(epoch(event_at)::BIGINT) AS seconds FROM ";
        String where = " WHERE ds = '" + DS + "'";
        ModelNode hits = models.get(0);
        same("hits", warehouse.row(spark + hits.table() + where), warehouse.row(spark + BareChain.table(hits) + where));
        same(
                "hits",
                warehouse.row(spark + hits.table() + where),
                ducks.row(duckSql + "'" + folder.resolve("dwd.parquet") + "'"));
        String report = "SELECT site, hits, page_views, visitors, client_ips, bytes FROM ";
        ModelNode ads = models.get(2);
        Map<String, Object> ours = warehouse.row(report + ads.table() + where);
        same("the report", ours, warehouse.row(report + BareChain.table(ads) + where));
        same("the report", ours, ducks.row(report + "'" + folder.resolve("ads.parquet") + "'"));
        say("Granary, bare SQL and DuckDB made the same: " + ours);
    }

    private static void same(String what, Map<String, Object> ours, Map<String, Object> others) {
        // numbers come in other types from another engine
        if (!ours.toString().equals(others.toString())) {
            throw new GranaryException(ErrorCode.DATA, what + " differs: " + ours + " and " + others);
        }
    }

    private void report() {
        double base = Figures.median(bare);
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("bare SQL, one open session", bare, base, "bare"));
        rows.add(row("granary run (no data tests)", walls.get("run"), base, "run"));
        rows.add(row("granary build (data tests)", walls.get("build"), base, "build"));
        rows.add(row("DuckDB, 2 threads, Parquet", duck, base, "duckdb"));
        out.println(lines + " lines, chain of " + CHAIN.size() + " models, " + rounds
                + " rounds after a warm-up; seconds, median (range). CPU is that of all processes: servers and verb.");
        out.println();
        Figures.table(out, List.of("", "wall", "wall / bare", "CPU", "CPU / bare"), rows);
        parts();
        models();
    }

    private List<String> row(String name, List<Double> wall, double base, String key) {
        List<Double> work = cpu.get(key);
        return List.of(
                name,
                Figures.spread(wall),
                Figures.ratio(Figures.median(wall) / base),
                work == null ? "-" : Figures.spread(work),
                work == null ? "-" : Figures.ratio(Figures.median(work) / Figures.median(cpu.get("bare"))));
    }

    private void parts() {
        List<List<String>> rows = new ArrayList<>();
        accounts.get("build")
                .get(0)
                .parts()
                .keySet()
                .forEach(part -> rows.add(List.of(part, median("run", part), median("build", part))));
        out.println("Where the time goes, medians in seconds over all models (bare statements: "
                + Figures.s(Figures.median(bare)) + "):");
        out.println();
        Figures.table(out, List.of("part", "granary run", "granary build"), rows);
    }

    private String median(String verb, String part) {
        return Figures.s(Figures.median(accounts.get(verb).stream()
                .map(account -> account.parts().getOrDefault(part, 0.0))
                .toList()));
    }

    private void models() {
        List<List<String>> rows = new ArrayList<>();
        for (String model : CHAIN) {
            List<Double> staging = accounts.get("run").stream()
                    .map(account -> account.stagingAndPublish(model))
                    .toList();
            rows.add(List.of(
                    model,
                    Figures.s(Figures.median(
                            bareStatements.stream().map(s -> s.get(model)).toList())),
                    phase("run", model, "execute"),
                    phase("run", model, "count"),
                    phase("build", model, "test"),
                    Figures.spread(staging)));
        }
        out.println("By model, medians in seconds:");
        out.println();
        Figures.table(
                out, List.of("model", "bare statement", "execute", "count", "data tests", "stage + publish"), rows);
    }

    private String phase(String verb, String model, String phase) {
        return Figures.s(Figures.median(accounts.get(verb).stream()
                .map(account -> account.models().get(model).getOrDefault(phase, 0.0))
                .toList()));
    }

    private static void say(String message) {
        System.err.println("bench: " + message);
    }
}
