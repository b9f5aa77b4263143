package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.orc.BinaryColumnStatistics;
import org.apache.orc.BooleanColumnStatistics;
import org.apache.orc.ColumnStatistics;
import org.apache.orc.DecimalColumnStatistics;
import org.apache.orc.IntegerColumnStatistics;
import org.apache.orc.Reader;
import org.apache.orc.StringColumnStatistics;
import org.apache.orc.TypeDescription;

/** What the footer of an ORC file says that its rows add up to. */
final class OrcSums {
    private OrcSums() {}

    static RowSums of(Reader file) {
        List<ColumnSum> columns = new ArrayList<>();
        TypeDescription schema = file.getSchema();
        ColumnStatistics[] statistics = file.getStatistics();
        for (int i = 0; i < schema.getChildren().size(); i++) {
            ColumnStatistics column = statistics[schema.getChildren().get(i).getId()];
            columns.add(new ColumnSum(schema.getFieldNames().get(i), column.getNumberOfValues(), sum(column)));
        }
        return new RowSums(file.getNumberOfRows(), columns);
    }

    private static BigDecimal sum(ColumnStatistics column) {
        if (column.getNumberOfValues() == 0) {
            return null;
        }
        if (column instanceof IntegerColumnStatistics integers) {
            return integers.isSumDefined() ? BigDecimal.valueOf(integers.getSum()) : null;
        }
        if (column instanceof BooleanColumnStatistics truths) {
            return BigDecimal.valueOf(truths.getTrueCount());
        }
        if (column instanceof DecimalColumnStatistics decimals) {
            HiveDecimal sum = decimals.getSum();
            return sum == null ? null : sum.bigDecimalValue();
        }
        if (column instanceof StringColumnStatistics texts) {
            return BigDecimal.valueOf(texts.getSum());
        }
        return column instanceof BinaryColumnStatistics bytes ? BigDecimal.valueOf(bytes.getSum()) : null;
    }
}
