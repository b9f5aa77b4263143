package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One partition of a model that can be made by itself, or the whole of a model without partitions.
 *
 * @param ds the day, also of a model without partitions: it is the value of {@code :ds}
 * @param hh the hour, {@code 00} to {@code 23}; null unless the model is partitioned by hours
 */
record Target(ModelNode model, LocalDate ds, String hh) {
    /** Tells targets apart and sorts them by time. */
    record Key(String model, String partition) {}

    /** Without entries for a model without partitions. */
    PartitionSpec spec() {
        if (model.partition().isEmpty()) {
            return new PartitionSpec(List.of());
        }
        return hh == null ? PartitionSpec.of("ds", ds.toString()) : PartitionSpec.of("ds", ds.toString(), "hh", hh);
    }

    Key key() {
        return new Key(model.id(), spec().toString());
    }

    /** Values of the parameters of the model's SQL. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("ds", ds.toString());
        if (hh != null) {
            parameters.put("hh", hh);
        }
        return parameters;
    }

    /** Such as {@code ds=2026-11-01/hh=07}; {@code (whole)} without partitions. */
    String label() {
        return model.partition().isEmpty() ? "(whole)" : spec().toString();
    }
}
