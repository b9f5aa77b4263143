package io.granary.batch.run;

import io.granary.warehouse.command.Commands;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** As build, without data tests. */
@Command(
        name = "granary run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {"Examples:", "  granary run --ds 2026-11-01 --select dws_traffic_site_1d", ""},
        description = "Makes what is missing or out of date, as granary build does, but without data tests.")
public final class RunCommand implements Callable<Integer> {
    @Mixin
    private DayOptions days;

    @Mixin
    private BuildOptions options;

    public static void main(String[] args) {
        Commands.main(new RunCommand(), args);
    }

    @Override
    public Integer call() {
        return PlannedBuild.of(days, options).run("run", manifest -> ModelChecks.NONE);
    }
}
