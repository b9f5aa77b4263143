package io.granary.batch.run;

import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one day of one model: written beside the table, counted, published. */
final class ModelRun {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRun.class);

    private final ModelNode model;
    private final LocalDate ds;
    private final Clock clock;

    ModelRun(ModelNode model, LocalDate ds, Clock clock) {
        this.model = model;
        this.ds = ds;
        this.clock = clock;
    }

    /** @throws GranaryException when nothing was published; what it had written is deleted */
    RunResults.Result run(Lane lane) {
        long started = System.nanoTime();
        TableSchema schema = schema();
        lane.store().ensure(schema);
        // before the rows are read: a version that comes later must not be claimed
        Provenance provenance = new Provenance(model.id(), model.hash(), inputs(lane.store()));
        PartitionSpec day = PartitionSpec.of("ds", ds.toString());
        TableStore.Staging staging = lane.store().stage(schema.name(), RunId.next(clock));
        try {
            lane.session().execute(insert(staging.table()));
            long rows = lane.session()
                    .query("SELECT count(*) FROM " + staging.table() + " WHERE ds = "
                            + Parameters.literal(ds.toString()))
                    .single();
            List<PartitionSpec> published = lane.store().publish(staging, Set.of(day), provenance);
            return RunResults.Result.success(
                    model.id(),
                    Duration.ofNanos(System.nanoTime() - started),
                    rows,
                    published.stream().map(PartitionSpec::toString).toList(),
                    staging.run().value());
        } catch (RuntimeException e) {
            discard(lane.store(), staging, e);
            throw e;
        }
    }

    private TableSchema schema() {
        if (!model.partition().equals(List.of("ds"))) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    model.file() + ": partition is " + model.partition() + "; build makes tables with partition: [ds]");
        }
        List<Column> columns = model.columns().stream()
                .map(c -> new Column(c.name(), c.type(), c.description() == null ? "" : c.description()))
                .toList();
        return new TableSchema(
                TableName.parse(model.table()),
                columns,
                List.of(new Column("ds", "string", "Day, yyyy-MM-dd")),
                model.description() == null ? "" : model.description());
    }

    private List<Provenance.Input> inputs(TableStore store) {
        List<Provenance.Input> inputs = new ArrayList<>();
        for (String input : model.inputs()) {
            Set<String> versions = new TreeSet<>();
            store.partitions(TableName.parse(input))
                    .forEach(p -> versions.add(p.run().value()));
            inputs.add(new Provenance.Input(input, List.copyOf(versions)));
        }
        return inputs;
    }

    /** Columns are taken by name, whatever their order in the model's SQL. */
    private String insert(TableName staging) {
        String bound = Parameters.bind(model.sql(), Map.of("ds", ds.toString()), model.file());
        String columns = model.columns().stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", "));
        return "INSERT OVERWRITE TABLE " + staging + " PARTITION (ds = " + Parameters.literal(ds.toString())
                + ")\nSELECT " + columns + "\nFROM (\n" + bound + "\n) AS model";
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
