package io.granary.scheduler;

import io.granary.scheduler.Workflow.Task;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.SubjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles a manifest to its daily workflow: one task to seal each log source, one to sync the tables of a subject, one
 * to build each layer of a subject, one to export a subject, one to reconcile the counters. A JVM starts once a task, so tasks are not smaller.
 */
public final class WorkflowCompiler {
    private static final String SCHEDULE = "0 2 * * *";
    private static final List<String> LAYERS = List.of("seed", "dim", "dwd", "dws", "ads");

    private final Manifest manifest;
    /** Commands by task, in the order in which the workflow is best read. */
    private final Map<String, List<String>> commands = new LinkedHashMap<>();
    /** The task that makes what a manifest's id names; null for what no task makes. */
    private final Map<String, String> taskOf = new HashMap<>();

    private WorkflowCompiler(Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * The workflow of a manifest; the same for the same manifest.
     *
     * @throws GranaryException DEFINITION when tasks wait for each other in a circle, or a subject has a cadence that
     *     is not daily
     */
    public static Workflow compile(Manifest manifest) {
        return new WorkflowCompiler(manifest).compile();
    }

    private Workflow compile() {
        manifest.subjects().forEach(WorkflowCompiler::refuseOtherCadence);
        ingestion();
        builds();
        exports();
        reconciliation();
        manifest.reports().forEach(report -> taskOf.put(report.id(), null));
        manifest.metrics().forEach(metric -> taskOf.put(metric.id(), null));

        TaskGraph graph = new TaskGraph(commands.keySet());
        for (Edge edge : manifest.edges()) {
            String from = task(edge, edge.from());
            String to = task(edge, edge.to());
            if (from != null && to != null && !from.equals(to)) {
                graph.add(from, to);
            }
        }
        Map<String, Set<String>> after = graph.reduced();
        List<Task> tasks = new ArrayList<>();
        after.forEach((name, before) -> tasks.add(new Task(name, commands.get(name), List.copyOf(before))));
        return new Workflow(Workflow.VERSION, "daily", SCHEDULE, timeZone(), tasks);
    }

    private void ingestion() {
        for (SubjectNode subject : manifest.subjects()) {
            for (SourceNode source : manifest.sources()) {
                if (!source.subject().equals(subject.name())) {
                    continue;
                }
                taskOf.put(source.id(), source.task());
                commands.put(source.task(), landing(source));
            }
        }
    }

    private static List<String> landing(SourceNode source) {
        if (source.isLog()) {
            return List.of("granary", "seal", source.qualifiedName());
        }
        if (source.isPulled()) {
            return List.of("granary", "pull", source.qualifiedName(), "--wait", "--ds", Workflow.DS);
        }
        return source.isManual()
                ? List.of("granary", "upload", "--inbox", source.qualifiedName())
                : command("sync", "subject:" + source.subject());
    }

    private void builds() {
        for (ModelNode model : manifest.models()) {
            if (!LAYERS.contains(model.layer())) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        model.file() + ": layer '" + model.layer() + "' is unknown; known layers: "
                                + String.join(", ", LAYERS));
            }
            taskOf.put(model.id(), "build." + model.subject() + "." + model.layer());
        }
        Set<String> builds = new HashSet<>(taskOf.values());
        for (String layer : LAYERS) {
            for (SubjectNode subject : manifest.subjects()) {
                String task = "build." + subject.name() + "." + layer;
                if (builds.contains(task)) {
                    commands.put(task, command("build", "subject:" + subject.name() + ",layer:" + layer));
                }
            }
        }
    }

    private void exports() {
        manifest.exports().forEach(export -> {
            String task = "export." + export.subject();
            taskOf.put(export.id(), task);
            commands.put(task, command("export", "subject:" + export.subject()));
        });
    }

    /** One for all counters, when the models that they count are built; nothing waits for it. */
    private void reconciliation() {
        manifest.counters().forEach(counter -> {
            taskOf.put(counter.id(), "reconcile");
            commands.put("reconcile", List.of("granary", "reconcile", "--ds", Workflow.DS));
        });
    }

    private static List<String> command(String verb, String select) {
        return List.of("granary", verb, "--select", select, "--ds", Workflow.DS);
    }

    private String task(Edge edge, String id) {
        if (!taskOf.containsKey(id)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "the manifest's edge " + edge.from() + " -> " + edge.to() + " names '" + id
                            + "', which is not in it. Run `granary compile` again.");
        }
        return taskOf.get(id);
    }

    private static void refuseOtherCadence(SubjectNode subject) {
        if (!subject.cadence().equals("daily")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "subject " + subject.name() + " has cadence '" + subject.cadence()
                            + "'; only daily can be scheduled. Correct its subject.yaml.");
        }
    }

    /** The zone that all subjects share, else UTC. */
    private String timeZone() {
        List<String> zones = manifest.subjects().stream()
                .map(SubjectNode::timeZone)
                .distinct()
                .toList();
        return zones.size() == 1 ? zones.get(0) : "UTC";
    }
}
