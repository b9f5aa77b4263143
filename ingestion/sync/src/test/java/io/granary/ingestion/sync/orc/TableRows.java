package io.granary.ingestion.sync.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowBatches;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Rows of a table as batches hold them. */
final class TableRows {
    private TableRows() {}

    static List<List<Object>> read(Database database, String table, ZeroDates zeroDates) throws Exception {
        TypeDescription schema = schema(database.columns(table));
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        assertThat(fill(database, table, schema, batch, zeroDates)).isNull();
        List<List<Object>> rows = new ArrayList<>();
        for (int at = 0; at < batch.size; at++) {
            List<Object> row = new ArrayList<>();
            for (int c = 0; c < batch.cols.length; c++) {
                row.add(Fixture.value(batch.cols[c], schema.getChildren().get(c), at));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Reads rows to the first that is refused, whatever the zone of the process. */
    static DirtyRow fill(
            Database database, String table, TypeDescription schema, VectorizedRowBatch batch, ZeroDates zeroDates)
            throws SQLException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        database.jdbc().setAutoCommit(false);
        try (Statement statement = database.streaming();
                ResultSet result =
                        statement.executeQuery(database.select(table, database.columns(table), null) + " ORDER BY 1")) {
            RowToOrc copy = new RowToOrc(database.dialect(), result.getMetaData(), schema, zeroDates, "n");
            long number = 0;
            while (result.next()) {
                DirtyRow refused = copy.copy(result, batch, ++number);
                if (refused != null) {
                    return refused;
                }
                batch.size++;
            }
            return null;
        } finally {
            TimeZone.setDefault(before);
            database.jdbc().commit();
            database.jdbc().setAutoCommit(true);
        }
    }

    static TypeDescription schema(List<DatabaseColumn> columns) {
        return OrcTypes.schema(columns.stream()
                .map(c -> new WriterColumn(c.hiveName(), c.hiveType()))
                .toList());
    }
}
