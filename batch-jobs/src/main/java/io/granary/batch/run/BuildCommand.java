package io.granary.batch.run;

import io.granary.batch.quality.PublishTests;
import io.granary.tablestore.Sessions;
import io.granary.warehouse.command.Commands;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Builds what has to be built of some days. */
@Command(
        name = "granary build",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary build --ds 2026-11-01",
            "  granary build --ds 2026-11-01 --select subject:traffic,layer:dwd",
            "  granary build --from 2026-11-01 --to 2026-11-07 --select 'dwd_traffic_hit_di+'",
            "  granary build --late",
            ""
        },
        description = "Plans (see granary plan), then makes what is missing or out of date, in the order in which the"
                + " models read each other; data tests stand before the publication of each result, which is whole or"
                + " not at all.")
public final class BuildCommand implements Callable<Integer> {
    @Mixin
    private DayOptions days;

    @Mixin
    private BuildOptions options;

    private final Sessions sessions;
    private final Clock clock;

    public BuildCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the models' statements run */
    public BuildCommand(Sessions sessions) {
        this(sessions, Clock.systemUTC());
    }

    BuildCommand(Sessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    public static void main(String[] args) {
        Commands.main(new BuildCommand(), args);
    }

    @Override
    public Integer call() {
        options.on(sessions);
        options.at(clock);
        return PlannedBuild.of(days, options).run("build", PublishTests::of);
    }
}
