package io.granary.streaming.reconcile;

import io.granary.tablestore.SqlSession;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The session's own engine, without a server between. */
record SparkSql(SparkSession spark) implements SqlSession {
    @Override
    public void execute(String sql) {
        spark.sql(sql);
    }

    @Override
    public Rows query(String sql) {
        Dataset<Row> rows = spark.sql(sql);
        List<List<Object>> cells = new ArrayList<>();
        for (Row row : rows.collectAsList()) {
            List<Object> of = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                of.add(row.get(i));
            }
            cells.add(of);
        }
        return new Rows(List.of(rows.columns()), cells);
    }

    @Override
    public void cancel() {
        spark.sparkContext().cancelAllJobs();
    }

    @Override
    public void close() {}
}
