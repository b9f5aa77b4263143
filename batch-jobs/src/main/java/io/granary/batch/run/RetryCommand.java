package io.granary.batch.run;

import io.granary.batch.env.EnvironmentManifest;
import io.granary.batch.env.EnvironmentName;
import io.granary.batch.env.EnvironmentOption;
import io.granary.batch.quality.PublishTests;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Sessions;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import io.granary.warehouse.select.Selector;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Does again what the last build did not do. */
@Command(
        name = "granary retry",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {"Examples:", "  granary retry", ""},
        description = "Makes what failed or was skipped in the last build, run or backfill, as it stands in"
                + " run-results.json, and nothing else.")
public final class RetryCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Mixin
    private BuildOptions options;

    private final Sessions sessions;

    public RetryCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the models' statements run */
    public RetryCommand(Sessions sessions) {
        this.sessions = sessions;
    }

    public static void main(String[] args) {
        Commands.main(new RetryCommand(), args);
    }

    @Override
    public Integer call() {
        options.on(sessions);
        options.check();
        Home home = common.home();
        RunResults last = RunResults.read(home.runResults());
        if (!Set.of("build", "run", "backfill").contains(last.args().getOrDefault("which", ""))) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    home.runResults() + " are the results of granary "
                            + last.args().get("which") + "; retry is for build, run and backfill");
        }
        EnvironmentManifest project = project(home, last);
        Manifest manifest = project.manifest();
        Map<Target.Key, Target> failed = failed(last, manifest);
        refuseProductions(project, failed.values());
        if (failed.isEmpty()) {
            System.err.println("nothing to retry: everything succeeded in " + home.runResults());
            return 0;
        }
        ModelChecks checks = last.args().get("which").equals("run") ? ModelChecks.NONE : PublishTests.of(manifest);
        return options.follow(steps(manifest, failed), manifest, checks, home, common.profile(), last.args());
    }

    /** In the environment of the last build, whatever the variable says; another option is a mistake. */
    private EnvironmentManifest project(Home home, RunResults last) {
        Optional<EnvironmentName> of =
                Optional.ofNullable(last.args().get("env")).map(EnvironmentName::new);
        Optional<EnvironmentName> asked = environment.name();
        if (!asked.isEmpty() && !asked.equals(of)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    home.runResults() + " are of "
                            + of.map(EnvironmentName::value).orElse("production") + ", --env (or GRANARY_ENV) is "
                            + asked.get());
        }
        return EnvironmentOption.manifest(common, of);
    }

    /** What was of the environment when it failed, and is not now, must not be made in production instead. */
    private static void refuseProductions(EnvironmentManifest project, Collection<Target> failed) {
        failed.stream()
                .map(Target::model)
                .filter(model -> project.environment().isPresent() && !project.isOwn(model))
                .findFirst()
                .ifPresent(model -> {
                    throw new GranaryException(
                            ErrorCode.NOT_FOUND,
                            model.id() + " failed in environment "
                                    + project.environment().get()
                                    + ", and does not differ from production any more: nothing was retried");
                });
    }

    private static Map<Target.Key, Target> failed(RunResults last, Manifest manifest) {
        Map<Target.Key, Target> failed = new LinkedHashMap<>();
        for (Result result : last.results()) {
            if (result.status() == Status.SUCCESS || result.partition() == null || result.failures() != null) {
                continue;
            }
            ModelNode model = manifest.models().stream()
                    .filter(m -> m.id().equals(result.uniqueId()))
                    .findFirst()
                    .orElseThrow(() -> new GranaryException(
                            ErrorCode.NOT_FOUND, result.uniqueId() + " failed, and is not in the project any more"));
            Target target = target(model, result.partition(), last);
            failed.put(target.key(), target);
        }
        return failed;
    }

    private static Target target(ModelNode model, String partition, RunResults last) {
        if (partition.isEmpty()) {
            String day = last.args().getOrDefault("ds", last.args().get("to"));
            return new Target(model, day == null ? LocalDate.now(ZoneOffset.UTC) : LocalDate.parse(day), null);
        }
        List<String> values = PartitionSpec.parse(partition).values();
        return new Target(model, LocalDate.parse(values.get(0)), values.size() > 1 ? values.get(1) : null);
    }

    /** The failed targets, each after those of them that it reads. */
    private static List<Step> steps(Manifest manifest, Map<Target.Key, Target> failed) {
        Set<String> names = new LinkedHashSet<>();
        failed.values().forEach(target -> names.add(target.model().id()));
        List<ModelNode> models = Selector.parse(String.join(" ", names)).models(manifest);
        return Planner.requested(manifest, models, failed.values());
    }
}
