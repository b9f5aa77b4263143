package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.text.SqlLiteral;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one partition of one model: written beside the table, counted, checked, published. */
final class ModelRun {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRun.class);

    private final Target target;
    private final ModelNode model;
    private final Inputs inputs;
    private final ModelChecks checks;
    private final Clock clock;

    ModelRun(Target target, Inputs inputs, ModelChecks checks, Clock clock) {
        this.target = target;
        this.model = target.model();
        this.inputs = inputs;
        this.checks = checks;
        this.clock = clock;
    }

    /** @throws GranaryException when nothing was published; what it had written is deleted */
    RunResults.Result run(Lane lane) {
        long started = System.nanoTime();
        Phases phases = new Phases(clock);
        // before the rows are read: a version that comes later must not be claimed
        Provenance provenance = phases.take(
                "inputs", () -> new Provenance(model.id(), model.hash(), read(lane.store())).withSql(model.sql()));
        Set<PartitionSpec> interval = Set.of(target.spec());
        if (ModelTable.isView(model)) {
            RunId run = phases.take(
                    "publish", () -> lane.store().replaceView(TableName.parse(model.table()), model.sql(), provenance));
            return RunResults.Result.success(
                            model.id(), Duration.ofNanos(System.nanoTime() - started), 0, List.of(), run.value())
                    .of(target.spec().toString())
                    .withTiming(phases.taken());
        }
        TableStore.Staging staging = phases.take(
                "stage", () -> lane.store().stage(TableName.parse(model.table()), RunId.next(clock), interval));
        try {
            phases.take("execute", () -> lane.session().execute(insert(staging.table(), provenance, lane.store())));
            long rows = phases.take(
                    "count",
                    () -> lane.session()
                            .query("SELECT count(*) FROM " + staging.table() + where())
                            .single());
            List<String> warnings = phases.take("test", () -> checks.check(model, staging, interval, lane.session()));
            List<PartitionSpec> published =
                    phases.take("publish", () -> lane.store().publish(staging, interval, provenance.withRows(rows)));
            return RunResults.Result.success(
                            model.id(),
                            Duration.ofNanos(System.nanoTime() - started),
                            rows,
                            published.stream().map(PartitionSpec::toString).toList(),
                            staging.run().value())
                    .of(target.spec().toString())
                    .withWarnings(warnings)
                    .withTiming(phases.taken());
        } catch (RuntimeException e) {
            discard(lane.store(), staging, e);
            throw e;
        }
    }

    private List<Provenance.Input> read(TableStore store) {
        PublishedVersions now = new PublishedVersions(store);
        return inputs.tables(model).stream()
                .map(input -> Provenance.Input.of(input, inputs.read(target, input, now)))
                .toList();
    }

    private String where() {
        String conditions = target.spec().entries().stream()
                .map(e -> e.column() + " = " + SqlLiteral.of(e.value()))
                .collect(Collectors.joining(" AND "));
        return conditions.isEmpty() ? "" : " WHERE " + conditions;
    }

    private String insert(TableName staging, Provenance provenance, TableStore store) {
        String partition = target.spec().entries().stream()
                .map(e -> e.column() + " = " + SqlLiteral.of(e.value()))
                .collect(Collectors.joining(", "));
        return "INSERT OVERWRITE TABLE " + staging + (partition.isEmpty() ? "" : " PARTITION (" + partition + ")")
                + "\n" + rows(provenance, store);
    }

    private String rows(Provenance provenance, TableStore store) {
        if (model.materialization().equals("scd2")) {
            ZipperExtension extension = new ZipperExtension(model);
            // should somebody publish another version meanwhile, this one is refused
            return extension
                    .day(store, provenance)
                    .map(extension::rows)
                    .orElseGet(() -> new Zipper(model).rows(Zipper.days(provenance)));
        }
        // columns are taken by name, whatever their order in the model's SQL
        String bound = Parameters.bind(model.sql(), target.parameters(), model.file());
        String columns = model.columns().stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", "));
        return "SELECT " + columns + "\nFROM (\n" + bound + "\n) AS model";
    }

    private static void discard(TableStore store, TableStore.Staging staging, RuntimeException failure) {
        try {
            store.discard(staging);
        } catch (GranaryException e) {
            failure.addSuppressed(e);
            LOG.warn("{} is left behind: {}", staging.location(), e.getMessage());
        }
    }
}
