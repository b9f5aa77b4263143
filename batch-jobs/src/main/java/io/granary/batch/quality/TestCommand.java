package io.granary.batch.quality;

import io.granary.batch.compile.ManifestFile;
import io.granary.batch.env.EnvironmentManifest;
import io.granary.batch.env.EnvironmentOption;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.UnitTestNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.select.Selector;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the data tests of what is published, or the unit tests of the SQL. */
@Command(
        name = "granary test",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary test --ds 2026-11-01",
            "  granary test --ds 2026-11-01 --select subject:traffic,layer:dwd",
            "  granary test --unit",
            "  granary test --unit --select dws_traffic_site_1d",
            ""
        },
        description = "Runs the data tests of the published partitions of a day. With --unit: the unit tests"
                + " (tests/<model>/<case>.yaml) in this process, without a cluster.")
public final class TestCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--select",
            paramLabel = "SELECTOR",
            defaultValue = "",
            description = "Models whose tests run, as for build (default: all)")
    private String select;

    @Option(names = "--ds", paramLabel = "D", description = "Day to test, yyyy-MM-dd; not with --unit")
    private LocalDate ds;

    @Option(names = "--unit", description = "Run unit tests")
    private boolean unit;

    private final Clock clock = Clock.systemUTC();
    private final List<RunResults.Result> results = new ArrayList<>();

    public static void main(String[] args) {
        Commands.main(new TestCommand(), args);
    }

    @Override
    public Integer call() {
        if (unit == (ds != null)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    unit ? "--unit takes no --ds: each case has its own" : "name a day with --ds, or run --unit");
        }
        Selector selector = Selector.parse(select);
        long started = System.nanoTime();
        boolean passed = unit ? unitTests(selector) : dataTests(selector);
        RunResults.of(clock.instant(), args(), Duration.ofNanos(System.nanoTime() - started), results)
                .write(common.home().runResults());
        err().println("Results: " + common.home().runResults());
        return passed ? 0 : 1;
    }

    /** Of the SQL, which is the same in every environment. */
    private boolean unitTests(Selector selector) {
        Manifest manifest = ManifestFile.of(common);
        Set<String> chosen =
                selector.models(manifest).stream().map(ModelNode::id).collect(Collectors.toSet());
        List<UnitTestNode> cases = manifest.unitTests().stream()
                .filter(test -> chosen.contains(test.model()))
                .toList();
        if (cases.isEmpty()) {
            err().println("no unit test is chosen by '" + select + "'");
            return true;
        }
        int passed = 0;
        try (UnitTests tests = UnitTests.open(manifest)) {
            for (UnitTestNode test : cases) {
                UnitTestOutcome outcome = tests.run(test);
                err().printf(Locale.ROOT, "[%d/%d] %s%n", results.size() + 1, cases.size(), outcome.describe());
                passed += outcome.passed() ? 1 : 0;
                results.add(TestResults.of(outcome));
            }
        }
        err().printf(Locale.ROOT, "%d unit tests: %d passed, %d failed%n", cases.size(), passed, cases.size() - passed);
        return passed == cases.size();
    }

    private boolean dataTests(Selector selector) {
        EnvironmentManifest project = environment.manifest(common);
        List<ModelNode> models = project.models(selector);
        ModelTests tests = new ModelTests(project.manifest(), clock);
        List<TestOutcome> outcomes = new ArrayList<>();
        List<ModelNode> tested =
                models.stream().filter(model -> !model.tests().isEmpty()).toList();
        try (SqlSession session = HiveJdbcSession.open(common.profile())) {
            for (ModelNode model : tested) {
                outcomes.addAll(dataTests(session, tests, model));
            }
        }
        long refused = outcomes.stream().filter(TestOutcome::refuses).count();
        err().printf(
                        Locale.ROOT,
                        "%d data tests of %d models: %d passed, %d warned, %d failed%n",
                        outcomes.size(),
                        tested.size(),
                        outcomes.stream()
                                .filter(o -> o.status() == TestOutcome.Status.PASS)
                                .count(),
                        outcomes.stream()
                                .filter(o -> o.status() != TestOutcome.Status.PASS && !o.refuses())
                                .count(),
                        refused);
        return refused == 0;
    }

    private List<TestOutcome> dataTests(SqlSession session, ModelTests tests, ModelNode model) {
        long started = System.nanoTime();
        List<PartitionSpec> interval =
                model.partition().contains("ds") ? List.of(PartitionSpec.of("ds", ds.toString())) : List.of();
        List<TestOutcome> outcomes;
        try {
            outcomes = requirePublished(session, model)
                    ? tests.check(session, model, TableName.parse(model.table()), interval)
                            .outcomes()
                    : unpublished(model, "no partition ds=" + ds + " is published");
        } catch (GranaryException e) {
            outcomes = unpublished(model, e.getMessage());
        }
        double seconds = (System.nanoTime() - started) / 1_000_000 / 1000.0;
        for (TestOutcome outcome : outcomes) {
            err().println(outcome.describe());
            results.add(TestResults.of(outcome, "ds=" + ds, seconds));
        }
        return outcomes;
    }

    private boolean requirePublished(SqlSession session, ModelNode model) {
        return !model.partition().contains("ds")
                || !session.query("SHOW PARTITIONS " + model.table() + " PARTITION (ds = '" + ds + "')")
                        .rows()
                        .isEmpty();
    }

    private static List<TestOutcome> unpublished(ModelNode model, String why) {
        return model.tests().stream().map(test -> TestOutcome.error(test, why)).toList();
    }

    private Map<String, String> args() {
        Map<String, String> args = new LinkedHashMap<>();
        args.put("which", "test");
        if (unit) {
            args.put("unit", "true");
        } else {
            args.put("ds", ds.toString());
        }
        args.put("select", select);
        environment.name().filter(name -> !unit).ifPresent(name -> args.put("env", name.value()));
        return args;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
