package io.granary.batch.run;

import io.granary.batch.quality.PublishTests;
import io.granary.tablestore.Sessions;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a range of days, in any order. */
@Command(
        name = "granary backfill",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary backfill --select dws_traffic_site_1d --from 2026-01-01 --to 2026-10-31",
            "  granary backfill --from 2026-01-01 --to 2026-10-31 --order desc --threads 4",
            ""
        },
        description = "Makes the days of a range that are missing or out of date. Run it again after an interruption:"
                + " it does the rest. The order of the days does not change the tables.")
public final class BackfillCommand implements Callable<Integer> {
    @Mixin
    private DayOptions days;

    @Mixin
    private BuildOptions options;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            defaultValue = "asc",
            description = "Of the days: ${COMPLETION-CANDIDATES} (default: asc)")
    private Order order;

    @Option(names = "--seed", paramLabel = "N", description = "Makes --order random the same each time")
    private Long seed;

    private enum Order {
        ASC,
        DESC,
        RANDOM
    }

    private final Sessions sessions;

    public BackfillCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the models' statements run */
    public BackfillCommand(Sessions sessions) {
        this.sessions = sessions;
    }

    public static void main(String[] args) {
        Commands.main(new BackfillCommand(), args);
    }

    @Override
    public Integer call() {
        options.on(sessions);
        if (!(days.days() instanceof PlanRequest.Range)) {
            throw new GranaryException(ErrorCode.USAGE, "backfill is for a range: give --from A and --to B");
        }
        return PlannedBuild.of(days, options).run("backfill", PublishTests::of, this::inOrder);
    }

    private List<Step> inOrder(List<Step> steps) {
        List<LocalDate> dates = new ArrayList<>(
                steps.stream().map(s -> s.target().ds()).distinct().sorted().toList());
        if (order == Order.DESC) {
            Collections.reverse(dates);
        } else if (order == Order.RANDOM) {
            Collections.shuffle(dates, seed == null ? new Random() : new Random(seed));
        }
        return steps.stream()
                .sorted(Comparator.comparingInt(
                        step -> dates.indexOf(step.target().ds())))
                .toList();
    }
}
