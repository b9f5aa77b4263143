package io.granary.batch.run;

import io.granary.tablestore.Sessions;
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

    private final Sessions sessions;

    public RunCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the models' statements run */
    public RunCommand(Sessions sessions) {
        this.sessions = sessions;
    }

    public static void main(String[] args) {
        Commands.main(new RunCommand(), args);
    }

    @Override
    public Integer call() {
        options.on(sessions);
        return PlannedBuild.of(days, options).run("run", manifest -> ModelChecks.NONE);
    }
}
