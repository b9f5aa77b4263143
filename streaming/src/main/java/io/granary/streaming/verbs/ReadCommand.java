package io.granary.streaming.verbs;

import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.CounterBucket;
import io.granary.warehouse.redis.CounterBucket.Combination;
import io.granary.warehouse.redis.CounterReads;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.select.Suggestion;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary counters read}. */
@Command(
        name = "read",
        mixinStandardHelpOptions = true,
        description = "Shows what a counter holds: one row for each combination of its dimensions, most rows first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary counters read traffic.page_view",
            "  granary counters read traffic.page_view --window 1m --bucket 2026-11-01T10:05",
            "  granary counters read traffic.page --window total --by site=demo-shop --top"
        })
final class ReadCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Parameters(paramLabel = "COUNTER", description = "Such as traffic.page_view")
    private String name;

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            description = "10s, 1m, 5m, 1h, 1d or total (default: the counter's first)")
    private String window;

    @Option(
            names = "--bucket",
            paramLabel = "TIME",
            description = "A time in the window, in the source's time zone or with one of its own (default: now)")
    private String bucket;

    @Option(
            names = "--by",
            paramLabel = "NAME=VALUE",
            description = "Only combinations with this value; may be given several times")
    private Map<String, String> by = new LinkedHashMap<>();

    @Option(names = "--top", description = "The counter's list of the most, instead of all combinations")
    private boolean isTop;

    @Option(
            names = "--measure",
            paramLabel = "MEASURE",
            description = "With --top: the list of this measure, when there are several")
    private String measure;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Most rows (default: ${DEFAULT-VALUE})")
    private int limit;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    /** A counter's bucket. */
    private record Asked(ZonedCounter counter, String query, String window, long bucket) {
        CounterNode node() {
            return counter.node();
        }

        CounterBucket held() {
            return new CounterBucket(node(), window, bucket);
        }
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(options.home().manifest());
        Asked asked = asked(manifest);
        checkDimensions(asked.node());
        if (measure != null && !isTop) {
            throw usage("--measure names a list; give --top as well.");
        }
        if (limit < 1) {
            throw usage("--limit is " + limit + "; give 1 or more.");
        }
        record Answer(AsOf asOf, Rows rows) {}
        Answer answer = RedisOfProfile.read(options.profile(), redis -> {
            // as_of comes first: the values are then at least as new as it says
            AsOf asOf = AsOf.of(redis.hgetAll(RedisKeys.asOf(asked.query())));
            CounterReads reads = new PipelinedReads(redis);
            return new Answer(asOf, isTop ? top(reads, asked) : all(reads, asked));
        });
        answer.rows().print(output.form(), spec.commandLine().getOut());
        tell(asked, answer.asOf(), answer.rows().cells().size());
        return 0;
    }

    private Asked asked(Manifest manifest) {
        for (StreamQuery query : StreamQuery.of(manifest)) {
            for (StreamQuery.CountedModel model : query.models()) {
                for (ZonedCounter counter : model.counters()) {
                    if (counter.node().qualifiedName().equals(name)) {
                        String asked = window == null ? counter.node().windows().get(0) : window;
                        if (!counter.node().windows().contains(asked)) {
                            throw usage("counter " + name + " has no window '" + asked + "'; it has "
                                    + String.join(", ", counter.node().windows()) + ".");
                        }
                        return new Asked(
                                counter, query.name(), asked, BucketText.parse(bucket, asked, counter.zone(), clock));
                    }
                }
            }
        }
        List<String> known = manifest.counters().stream()
                .map(CounterNode::qualifiedName)
                .sorted()
                .toList();
        throw new GranaryException(
                ErrorCode.NOT_FOUND,
                "there is no counter '" + name + "'."
                        + Suggestion.nearest(name, known)
                                .map(near -> " Did you mean " + near + "?")
                                .orElse(" `granary counters` lists them."));
    }

    private void checkDimensions(CounterNode counter) {
        by.keySet().stream()
                .filter(given -> !counter.by().contains(given))
                .findFirst()
                .ifPresent(unknown -> {
                    throw usage("counter " + name + " has no dimension '" + unknown + "'; it has "
                            + (counter.by().isEmpty() ? "none" : String.join(", ", counter.by())) + ".");
                });
    }

    private Rows all(CounterReads reads, Asked asked) {
        CounterNode counter = asked.node();
        List<Combination> shown = reads.inOneRound(asked.held()::combinations).get().stream()
                .filter(c -> fits(counter, c))
                .limit(limit)
                .toList();
        List<String> columns = new ArrayList<>(counter.by());
        columns.add("rows");
        counter.measures().stream().map(MeasureNode::name).forEach(columns::add);
        List<List<String>> cells = new ArrayList<>();
        List<Supplier<Combination>> whole = reads.inOneRound(round ->
                shown.stream().map(c -> asked.held().complete(round, c)).toList());
        for (Supplier<Combination> answer : whole) {
            Combination found = answer.get();
            List<String> row = new ArrayList<>(spoken(counter, found.by()));
            row.add(Long.toString(found.rows()));
            found.values().values().forEach(value -> row.add(Long.toString(value)));
            cells.add(row);
        }
        return new Rows(columns, cells);
    }

    private boolean fits(CounterNode counter, Combination found) {
        if (found.isRest()) {
            return by.isEmpty();
        }
        List<String> values = RedisKeys.decodeBy(found.by(), counter.by().size());
        return by.entrySet().stream()
                .allMatch(
                        given -> given.getValue().equals(values.get(counter.by().indexOf(given.getKey()))));
    }

    private Rows top(CounterReads reads, Asked asked) {
        CounterNode counter = asked.node();
        TopNode list = list(counter);
        String within = RedisKeys.encodeBy(list.within().stream().map(by::get).toList());
        List<String> columns = new ArrayList<>(List.of("place"));
        columns.addAll(counter.by());
        columns.add(list.measure());
        List<List<String>> cells = new ArrayList<>();
        List<CounterBucket.Place> places = reads.inOneRound(
                        round -> asked.held().best(round, list, within))
                .get();
        for (CounterBucket.Place place : places) {
            if (cells.size() < limit) {
                List<String> row = new ArrayList<>(List.of(Integer.toString(cells.size() + 1)));
                row.addAll(spoken(counter, place.by()));
                row.add(Long.toString(place.number()));
                cells.add(row);
            }
        }
        return new Rows(columns, cells);
    }

    private TopNode list(CounterNode counter) {
        List<TopNode> lists = counter.top().stream()
                .filter(top -> by.keySet().equals(Set.copyOf(top.within())))
                .filter(top -> measure == null || top.measure().equals(measure))
                .toList();
        if (lists.isEmpty()) {
            throw noList(counter);
        }
        if (lists.size() > 1) {
            throw usage("counter " + name + " keeps several such lists. Ask for one with --measure "
                    + String.join(
                            ", or --measure ",
                            lists.stream().map(TopNode::measure).toList()) + ".");
        }
        return lists.get(0);
    }

    private GranaryException noList(CounterNode counter) {
        if (counter.top().isEmpty()) {
            return usage("counter " + name + " keeps no list. Declare one in its YAML: top: [{measure: "
                    + counter.measures().get(0).name() + ", size: 100}].");
        }
        List<String> lists = counter.top().stream()
                .map(top -> top.within().isEmpty()
                        ? "--top --measure " + top.measure()
                        : "--top --measure " + top.measure() + " "
                                + String.join(
                                        " ",
                                        top.within().stream()
                                                .map(d -> "--by " + d + "=…")
                                                .toList()))
                .toList();
        return usage("counter " + name + " keeps no list within " + by.keySet()
                + (measure == null ? "" : " of measure '" + measure + "'") + ". Ask for "
                + String.join(", or ", lists) + ".");
    }

    private static List<String> spoken(CounterNode counter, String by) {
        if (by.equals(RedisKeys.MORE)) {
            return counter.by().stream().map(d -> RedisKeys.MORE).toList();
        }
        return RedisKeys.decodeBy(by, counter.by().size()).stream()
                .map(value -> value == null ? "NULL" : value)
                .toList();
    }

    private void tell(Asked asked, AsOf asOf, int rows) {
        String at = asOf.at().map(Instant::toString).orElse("never");
        String when = asked.window().equals("total")
                ? "total"
                : asked.window() + " from "
                        + Instant.ofEpochSecond(asked.bucket())
                                .atZone(asked.counter().zone().normalized());
        spec.commandLine()
                .getErr()
                .println("granary: " + name + " " + when + ", as of " + at
                        + (asOf.state().equals(AsOf.REBUILDING)
                                ? "; the counters are computed anew, numbers are too low until that is done"
                                : "")
                        + (rows == 0 ? "; nothing is counted there (--window and --bucket name another time)" : "")
                        + (rows == limit ? "; there may be more rows, see --limit" : ""));
    }

    private static GranaryException usage(String message) {
        return new GranaryException(ErrorCode.USAGE, message);
    }
}
