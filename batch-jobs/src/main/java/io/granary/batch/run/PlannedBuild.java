package io.granary.batch.run;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Plans and makes what the plan says: what build, run and backfill have in common. */
final class PlannedBuild {
    private final DayOptions days;
    private final BuildOptions options;

    private PlannedBuild(DayOptions days, BuildOptions options) {
        this.days = days;
        this.options = options;
    }

    static PlannedBuild of(DayOptions days, BuildOptions options) {
        options.check();
        return new PlannedBuild(days, options);
    }

    int run(String which, Function<Manifest, ModelChecks> checks) {
        return run(which, checks, UnaryOperator.identity());
    }

    /** @param order puts the steps into another order; what reads still follows what it reads */
    int run(String which, Function<Manifest, ModelChecks> checks, UnaryOperator<List<Step>> order) {
        PlanRequest.Days interval = days.days();
        long started = System.nanoTime();
        Manifest manifest = days.manifest();
        List<ModelNode> models = days.models();
        if (models.isEmpty()) {
            System.err.println(days.noModels());
            return nothing(which, started);
        }
        Profile profile = days.common().profile();
        List<Step> steps = steps(new PlanRequest(manifest, models, interval, target -> days.fullRefresh()), profile);
        if (steps.isEmpty()) {
            System.err.println(DayOptions.nothingToDo(models));
            return nothing(which, started);
        }
        MissingDays.warn(days.project(), steps, profile);
        return options.follow(
                order.apply(steps),
                manifest,
                checks.apply(manifest),
                days.common().home(),
                profile,
                days.args(which));
    }

    /** A build that makes tables anew says so before it begins. */
    private List<Step> steps(PlanRequest request, Profile profile) {
        if (!days.fullRefresh()) {
            return request.plan(profile);
        }
        Plan plan = request.withChanges(profile, true);
        plan.changes().forEach(change -> System.err.println(change.text()));
        return plan.steps();
    }

    private int nothing(String which, long started) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        RunResults.of(Clock.systemUTC().instant(), days.args(which), elapsed, List.of())
                .write(days.common().home().runResults());
        return 0;
    }
}
