package io.granary.ingestion.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.tablestore.Provenance;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a version's provenance says of the sync that made it (docs/contracts.md, section 5).
 *
 * @param snapshotAt when the rows were read: all of them as they were then, where the source can do that
 * @param job hash of the job
 * @param sourceColumns of the database
 * @param range which rows, by watermark or key
 * @param kept parts that an earlier attempt had staged
 * @param reconciled whether the source counted what was read, in the same view
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SyncRecord(
        String engine,
        String job,
        String snapshotAt,
        List<String> sourceTables,
        List<SourceColumn> sourceColumns,
        RowRange range,
        int parts,
        int kept,
        long dirty,
        boolean reconciled,
        List<Sum> sums) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A column; {@code sum} is exact, as text. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sum(String column, long present, String sum) {
        static Sum of(RowSums.ColumnSum column) {
            return new Sum(
                    column.name(),
                    column.present(),
                    column.sum() == null ? null : column.sum().toPlainString());
        }
    }

    Map<String, Object> toDetails() {
        return JSON.convertValue(this, new TypeReference<Map<String, Object>>() {});
    }

    /** Empty when the version was made by an earlier Granary, or by nobody's sync. */
    static Optional<SyncRecord> of(Provenance provenance) {
        return provenance.details() == null || !provenance.details().containsKey("source_columns")
                ? Optional.empty()
                : Optional.of(JSON.convertValue(provenance.details(), SyncRecord.class));
    }
}
