package io.granary.bench;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a build costs more calls of the metastore and of HDFS when a year of days is there already. */
@Command(
        name = "calls",
        mixinStandardHelpOptions = true,
        description = "Calls that reach the metastore and the NameNode while the traffic chain of one new day is built:"
                + " day 1, day 8 and the last day.")
final class CallsBenchmark implements Callable<Integer> {
    private static final LocalDate BEFORE = LocalDate.parse("2025-12-31");
    private static final List<String> CHAIN =
            List.of("dwd_traffic_hit_di", "dws_traffic_site_1d", "ads_traffic_site_overview");

    @Mixin
    private Place place;

    @Option(names = "--days", paramLabel = "N", defaultValue = "365", description = "The last day (default: 365)")
    private int days;

    private Warehouse warehouse;
    private Verbs verbs;
    private ServerCalls servers;
    private SourceNode source;
    private List<ModelNode> models;
    private final Map<String, ServerCalls.Counts> counts = new LinkedHashMap<>();
    private final Map<String, Double> walls = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        verbs = place.verbs();
        verbs.run("compile");
        Manifest manifest = Manifest.read(place.home().manifest());
        source = Place.source(manifest, "source.traffic.access_log");
        models = CHAIN.stream().map(name -> Place.model(manifest, name)).toList();
        try (Warehouse opened = place.warehouse();
                ServerCalls calls =
                        new ServerCalls(place.home(), place.profile().fs())) {
            warehouse = opened;
            servers = calls;
            warehouse.publish(source, Resource.text("access-log.sql", Map.of("lines", 240, "ds", day(0))));
            // makes the tables; what comes then is a day like any other
            build("build", 0);
            days(1, 2);
            measure("build", 1);
            measure("run", 2);
            copies(3, 7);
            days(8, 8);
            measure("build", 8);
            copies(9, days - 2);
            days(days - 1, days);
            measure("run", days - 1);
            measure("build", days);
            upToDate(days / 2);
            VersionedCustomers customers = new VersionedCustomers(warehouse, verbs);
            for (int snapshots : new TreeSet<>(List.of(2, 30, days))) {
                customers.snapshots(snapshots - 1);
                customers.build();
                customers.snapshots(snapshots);
                measure("scd2 and snapshot " + snapshots, customers::build);
            }
        }
        report();
        return 0;
    }

    private static String day(int number) {
        return BEFORE.plusDays(number).toString();
    }

    private Verbs.Ran build(String verb, int day) {
        return verbs.run(verb, "--ds", day(day), "--threads", "1", "--select", "subject:traffic");
    }

    private void measure(String verb, int day) {
        measure(verb + " of day " + day, () -> build(verb, day));
    }

    private void measure(String name, Supplier<Verbs.Ran> work) {
        ServerCalls.Counts before = servers.now();
        Verbs.Ran ran = work.get();
        counts.put(name, servers.now().since(before));
        walls.put(name, Figures.seconds(ran.wall()));
        System.err.println("bench: " + name + ": " + counts.get(name).of("metastore") + " metastore calls, "
                + counts.get(name).of("hdfs") + " HDFS calls, " + Figures.s(walls.get(name)) + " s");
    }

    /** Days of parsed lines: 24 hours, one of them with rows. */
    private void days(int from, int to) {
        TableName table = TableName.parse(source.table());
        PublishedPartition rows = warehouse.store().partitions(table).stream()
                .filter(p -> p.spec().equals(PartitionSpec.of("ds", day(0), "hh", "12")))
                .findFirst()
                .orElseThrow();
        for (int day = from; day <= to; day++) {
            Set<PartitionSpec> hours = new LinkedHashSet<>();
            for (int hour = 0; hour < 24; hour++) {
                hours.add(PartitionSpec.of("ds", day(day), "hh", String.format(Locale.ROOT, "%02d", hour)));
            }
            warehouse.publishCopy(
                    rows,
                    table,
                    PartitionSpec.of("ds", day(day), "hh", "12"),
                    hours,
                    new Provenance(source.id(), "bench", List.of()));
        }
    }

    /** Days that look as if they had been built: each its own versions, made from those before it in the chain. */
    private void copies(int from, int to) {
        System.err.println("bench: publishing days " + from + " to " + to);
        Map<ModelNode, PublishedPartition> built = new LinkedHashMap<>();
        for (ModelNode model : models) {
            PartitionSpec spec = PartitionSpec.of("ds", day(1));
            built.put(
                    model,
                    warehouse
                            .store()
                            .partitions(TableName.parse(model.table()), List.of(spec))
                            .get(0));
        }
        for (int day = from; day <= to; day++) {
            days(day, day);
            PartitionSpec spec = PartitionSpec.of("ds", day(day));
            for (ModelNode model : models) {
                warehouse.publishCopy(
                        built.get(model), TableName.parse(model.table()), spec, Set.of(spec), provenance(model, day));
            }
        }
    }

    private Provenance provenance(ModelNode model, int day) {
        List<Provenance.Input> inputs = new ArrayList<>();
        for (String input : model.inputs()) {
            List<PartitionSpec> specs = new ArrayList<>();
            if (input.equals(source.table())) {
                for (int hour = 0; hour < 24; hour++) {
                    specs.add(PartitionSpec.of("ds", day(day), "hh", String.format(Locale.ROOT, "%02d", hour)));
                }
            } else {
                specs.add(PartitionSpec.of("ds", day(day)));
            }
            Map<String, String> read = new TreeMap<>();
            warehouse
                    .store()
                    .partitions(TableName.parse(input), specs)
                    .forEach(p -> read.put(p.spec().toString(), p.run().value()));
            inputs.add(Provenance.Input.of(input, read));
        }
        return new Provenance(model.id(), model.hash(), inputs);
    }

    /** The copies are what builds would have left: else the last day would not have been measured as one of many. */
    private void upToDate(int day) {
        Verbs.Ran ran = build("build", day);
        if (!ran.output().contains("nothing to do")) {
            throw new GranaryException(ErrorCode.DATA, "day " + day + " is not taken for built:\n" + ran.output());
        }
    }

    private void report() {
        Set<String> names = new TreeSet<>();
        counts.values().forEach(c -> names.addAll(c.calls().keySet()));
        List<String> head = new ArrayList<>(List.of("calls"));
        head.addAll(counts.keySet());
        List<List<String>> rows = new ArrayList<>();
        for (String server : List.of("metastore", "hdfs")) {
            boolean hdfs = server.equals("hdfs");
            rows.add(row("all of " + server + (hdfs ? " but Complete" : ""), c -> c.of(server)));
            names.stream()
                    .filter(name -> name.startsWith(server))
                    .forEach(name -> rows.add(row(name, c -> c.calls().getOrDefault(name, 0L))));
        }
        List<String> seconds = new ArrayList<>(List.of("seconds, for information"));
        walls.values().forEach(wall -> seconds.add(Figures.s(wall)));
        rows.add(seconds);
        System.out.println(
                "Calls that reached the servers, from Granary and the Thrift Server together. Complete is asked again until"
                        + " the DataNode has reported the last block, so its number is chance:");
        System.out.println();
        Figures.table(System.out, head, rows);
    }

    private List<String> row(String name, ToLongFunction<ServerCalls.Counts> number) {
        List<String> row = new ArrayList<>(List.of(name));
        counts.values().forEach(c -> row.add(String.valueOf(number.applyAsLong(c))));
        return row;
    }
}
