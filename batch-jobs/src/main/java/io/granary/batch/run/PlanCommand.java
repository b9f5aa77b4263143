package io.granary.batch.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.JsonOption;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what build would do, and why. */
@Command(
        name = "granary plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary plan --ds 2026-11-01",
            "  granary plan --from 2026-11-01 --to 2026-11-07 --select subject:traffic",
            "  granary plan --late --since 2026-11-20",
            "  granary plan --ds 2026-11-01 --select state:modified+ --state prod/",
            ""
        },
        description = "What granary build would make, in order, and why: missing, definition changed, input newer (late"
                + " data too), an input is built in the same plan, lookback, requested. Below it, what becomes of"
                + " tables that exist with other columns than their definition. Changes nothing.")
public final class PlanCommand implements Callable<Integer> {
    @Mixin
    private DayOptions days;

    @Mixin
    private JsonOption output;

    public static void main(String[] args) {
        Commands.main(new PlanCommand(), args);
    }

    @Override
    public Integer call() {
        PlanRequest.Days interval = days.days();
        Manifest manifest = days.manifest();
        List<ModelNode> models = days.models();
        Plan plan = models.isEmpty()
                ? new Plan(List.of(), List.of())
                : new PlanRequest(manifest, models, interval, target -> days.fullRefresh())
                        .withChanges(days.common().profile(), days.fullRefresh());
        List<Step> steps = plan.steps();
        MissingDays.warn(days.project(), steps, days.common().profile());
        if (output.isJson()) {
            System.out.println(json(plan));
        } else {
            table(steps, System.out);
            plan.changes().forEach(change -> System.out.println("table " + change.text()));
        }
        if (steps.isEmpty()) {
            System.err.println(models.isEmpty() ? days.noModels() : DayOptions.nothingToDo(models));
        }
        return 0;
    }

    private static void table(List<Step> steps, PrintStream out) {
        int name = width(steps.stream().map(s -> s.target().model().name()).toList());
        int partition = width(steps.stream().map(s -> s.target().label()).toList());
        int number = String.valueOf(steps.size()).length();
        int count = 0;
        for (Step step : steps) {
            count++;
            out.println(String.format(
                    "%" + number + "d  %-" + name + "s  %-" + partition + "s  %s",
                    count,
                    step.target().model().name(),
                    step.target().label(),
                    step.reasons().stream().map(Reason::text).collect(Collectors.joining("; "))));
        }
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }

    private record PlanFile(List<PlannedStep> steps, List<TableChange> tables) {}

    private record PlannedStep(String uniqueId, String partition, List<Reason> reasons) {}

    private static String json(Plan plan) {
        List<PlannedStep> planned = plan.steps().stream()
                .map(s -> new PlannedStep(
                        s.target().model().id(), s.target().spec().toString(), s.reasons()))
                .toList();
        try {
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(new PlanFile(planned, plan.changes()));
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "the plan cannot be written as JSON: " + e.getMessage(), e);
        }
    }
}
