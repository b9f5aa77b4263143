package io.granary.batch.run;

import io.granary.batch.run.Reason.Kind;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides which partitions have to be made: what is published and how it was made (its provenance) is compared with the
 * manifest and with what is published of its inputs.
 */
final class Planner {
    private static final int SHOWN_PARTITIONS = 3;

    private final Inputs inputs;
    private final PublishedVersions versions;
    private final Map<Target.Key, Step> planned = new LinkedHashMap<>();
    /** Targets planned of a table. */
    private final Map<String, List<Target>> plannedOf = new HashMap<>();

    private final Scope scope;

    /** Which reasons count. */
    enum Scope {
        ALL,
        /** Only that inputs changed after a partition was made: late data. */
        LATE
    }

    Planner(Manifest manifest, PublishedVersions versions, Scope scope) {
        this.inputs = new Inputs(manifest);
        this.versions = versions;
        this.scope = scope;
    }

    /**
     * What has to be made of some days, in an order that can be followed.
     *
     * @param models each after those it reads
     * @param requested those that are made even though nothing has changed
     */
    List<Step> plan(List<ModelNode> models, Collection<LocalDate> days, Predicate<Target> requested) {
        TreeSet<LocalDate> interval = new TreeSet<>(days);
        Set<LocalDate> reopened = new TreeSet<>();
        for (ModelNode model : models) {
            List<Target> candidates = targets(model, interval);
            prefetch(model, candidates);
            candidates.forEach(target -> consider(target, requested.test(target)));
            lookBack(model, interval, reopened);
            follow(model, reopened);
        }
        return ordered();
    }

    /** Targets that are made whatever is published, each after those of them that it reads. */
    static List<Step> requested(Manifest manifest, List<ModelNode> models, Collection<Target> targets) {
        Planner planner = new Planner(manifest, null, Scope.ALL);
        for (ModelNode model : models) {
            targets.stream()
                    .filter(target -> target.model().id().equals(model.id()))
                    .forEach(target -> planner.add(target, List.of(Reason.of(Kind.REQUESTED))));
        }
        return planner.ordered();
    }

    /** By day, and each after those it reads. */
    private List<Step> ordered() {
        Map<Target.Key, Step> ordered = new LinkedHashMap<>();
        planned.values().stream()
                .sorted(Comparator.comparing((Step step) -> step.target().ds()))
                .forEach(step -> place(step, ordered, new HashSet<>()));
        return List.copyOf(ordered.values());
    }

    private void place(Step step, Map<Target.Key, Step> ordered, Set<Target.Key> visited) {
        if (ordered.containsKey(step.target().key())
                || !visited.add(step.target().key())) {
            return;
        }
        Set<Target.Key> after = new LinkedHashSet<>();
        for (String input : inputs.tables(step.target().model())) {
            for (Target above : plannedInputs(step.target(), input)) {
                after.add(above.key());
                place(planned.get(above.key()), ordered, visited);
            }
        }
        ordered.put(step.target().key(), new Step(step.target(), step.reasons(), after));
    }

    /** Days before the interval that are planned too, because a model above looks back. */
    private void follow(ModelNode model, Set<LocalDate> reopened) {
        for (Target target : targets(model, new TreeSet<>(reopened))) {
            boolean published =
                    !versions.of(model.table(), List.of(target.spec())).isEmpty();
            if (published && !model.partition().isEmpty() && readsPlanned(target)) {
                consider(target, false);
            }
        }
    }

    private boolean readsPlanned(Target target) {
        return inputs.tables(target.model()).stream()
                .anyMatch(input -> !plannedInputs(target, input).isEmpty());
    }

    private void lookBack(ModelNode model, TreeSet<LocalDate> interval, Set<LocalDate> reopened) {
        if (model.lookback() == null || model.lookback() == 0) {
            return;
        }
        for (Target target : List.copyOf(plannedOf.getOrDefault(model.table(), List.of()))) {
            TreeSet<LocalDate> before = new TreeSet<>();
            for (int days = 1; days <= model.lookback(); days++) {
                before.add(target.ds().minusDays(days));
            }
            for (Target earlier : targets(model, before)) {
                // a day that was never made is made when it is asked for
                if (!versions.of(model.table(), List.of(earlier.spec())).isEmpty()) {
                    add(earlier, List.of(new Reason(Kind.LOOKBACK, "of " + target.ds())));
                    if (!interval.contains(earlier.ds())) {
                        reopened.add(earlier.ds());
                    }
                }
            }
        }
    }

    private void prefetch(ModelNode model, List<Target> targets) {
        versions.of(model.table(), targets.stream().map(Target::spec).toList());
        inputs.tables(model).forEach(input -> inputs.prefetch(targets, input, versions));
    }

    /** The partitions of a model in some days. A model without partitions is one target, as of the last day. */
    static List<Target> targets(ModelNode model, TreeSet<LocalDate> days) {
        List<Target> targets = new ArrayList<>();
        if (model.partition().isEmpty()) {
            if (!days.isEmpty()) {
                targets.add(new Target(model, days.last(), null));
            }
            return targets;
        }
        for (LocalDate day : days) {
            if (model.partition().contains("hh")) {
                Inputs.hours().forEach(hh -> targets.add(new Target(model, day, hh)));
            } else {
                targets.add(new Target(model, day, null));
            }
        }
        return targets;
    }

    private void consider(Target target, boolean requested) {
        List<Reason> reasons = reasons(target, requested);
        boolean counts = scope == Scope.ALL
                || reasons.stream().anyMatch(r -> r.kind() == Kind.INPUT_NEWER || r.kind() == Kind.INPUT_PLANNED);
        if (!reasons.isEmpty() && counts) {
            add(target, reasons);
        }
    }

    /** Why a target must be made; none when it is as its definition and its inputs say. */
    List<Reason> reasons(Target target, boolean requested) {
        List<Reason> reasons = new ArrayList<>();
        if (requested) {
            reasons.add(Reason.of(Kind.REQUESTED));
        }
        PublishedPartition published =
                versions.of(target.model().table(), List.of(target.spec())).get(target.spec());
        if (published == null && !(target.hh() != null && readsNothing(target))) {
            reasons.add(Reason.of(Kind.MISSING));
        } else if (published != null) {
            compare(target, published, reasons);
        }
        for (String input : inputs.tables(target.model())) {
            List<Target> above = plannedInputs(target, input);
            if (!above.isEmpty() && published != null && !isView(target.model())) {
                reasons.add(new Reason(
                        Kind.INPUT_PLANNED,
                        input + " " + some(above.stream().map(Target::label).toList())));
            }
        }
        return reasons;
    }

    /** What a view shows is always of now. */
    private static boolean isView(ModelNode model) {
        return model.materialization().equals("view");
    }

    /** An hour without input is not there yet. */
    private boolean readsNothing(Target target) {
        return !inputs.tables(target.model()).isEmpty()
                && !readsPlanned(target)
                && inputs.tables(target.model()).stream()
                        .allMatch(input -> inputs.read(target, input, versions).isEmpty());
    }

    private void compare(Target target, PublishedPartition published, List<Reason> reasons) {
        ModelNode model = target.model();
        Optional<Provenance> made = versions.provenance(model.table(), published);
        if (made.isEmpty()) {
            reasons.add(new Reason(
                    Kind.DEFINITION_CHANGED, "version " + published.run() + " does not say how it was made"));
            return;
        }
        if (!made.get().producer().equals(model.id())) {
            reasons.add(new Reason(
                    Kind.DEFINITION_CHANGED, "it was made by " + made.get().producer()));
            return;
        }
        if (!model.hash().equals(made.get().sqlHash())) {
            reasons.add(Reason.of(Kind.DEFINITION_CHANGED));
        }
        if (isView(model)) {
            return;
        }
        for (String input : inputs.tables(model)) {
            List<String> newer = newer(target, input, made.get());
            if (!newer.isEmpty()) {
                reasons.add(new Reason(Kind.INPUT_NEWER, input + " " + some(newer)));
            }
        }
    }

    /** Partitions of the input that came, changed or went since the version was made. */
    private List<String> newer(Target target, String input, Provenance made) {
        Map<String, String> now = inputs.read(target, input, versions);
        Optional<Provenance.Input> recorded =
                made.inputs().stream().filter(i -> i.table().equals(input)).findFirst();
        if (recorded.isEmpty()) {
            return List.copyOf(now.keySet());
        }
        Map<String, String> then = recorded.get().partitions();
        if (then.isEmpty() && !recorded.get().versions().isEmpty()) {
            // an earlier Granary recorded the versions of the whole table only
            return now.entrySet().stream()
                    .filter(e -> !recorded.get().versions().contains(e.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        Set<String> newer = new TreeSet<>();
        now.forEach((partition, run) -> {
            if (!run.equals(then.get(partition))) {
                newer.add(partition);
            }
        });
        then.keySet().stream().filter(p -> !now.containsKey(p)).forEach(p -> newer.add(p + " (gone)"));
        return List.copyOf(newer);
    }

    private List<Target> plannedInputs(Target target, String input) {
        return plannedOf.getOrDefault(input, List.of()).stream()
                .filter(above -> inputs.reads(target, input, above.spec()))
                .toList();
    }

    private void add(Target target, List<Reason> reasons) {
        if (planned.putIfAbsent(target.key(), new Step(target, reasons, Set.of())) != null) {
            return;
        }
        plannedOf
                .computeIfAbsent(target.model().table(), t -> new ArrayList<>())
                .add(target);
    }

    private static String some(List<String> partitions) {
        int more = partitions.size() - SHOWN_PARTITIONS;
        return String.join(", ", partitions.subList(0, Math.min(SHOWN_PARTITIONS, partitions.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
