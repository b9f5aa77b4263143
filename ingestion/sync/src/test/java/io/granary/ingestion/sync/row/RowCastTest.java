package io.granary.ingestion.sync.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.junit.jupiter.api.Test;

class RowCastTest {
    private final List<DirtyRow> dirty = new ArrayList<>();

    /** The texts as values of a type, and what of them is left, as text. */
    private List<String> cast(String type, String... values) {
        TypeDescription texts = TypeDescription.fromString("struct<v:string,password:string>");
        TypeDescription target = TypeDescription.fromString("struct<v:" + type + ",password:string>");
        VectorizedRowBatch batch = RowBatches.of(texts, 10);
        for (String value : values) {
            set((BytesColumnVector) batch.cols[0], batch.size, value);
            set((BytesColumnVector) batch.cols[1], batch.size++, "hunter2");
        }
        VectorizedRowBatch out = RowCast.between(texts, target, 10, "orders").apply(batch, dirty::add);
        List<String> left = new ArrayList<>();
        for (int i = 0; i < out.size; i++) {
            left.add(
                    !out.cols[0].noNulls && out.cols[0].isNull[i]
                            ? null
                            : CellText.of(target.getChildren().get(0), out.cols[0], i));
        }
        return left;
    }

    private static void set(BytesColumnVector vector, int at, String value) {
        vector.isNull[at] = value == null;
        vector.noNulls &= value != null;
        if (value != null) {
            vector.setVal(at, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatFitsIsKeptExactlyAndTheRestIsNamed() {
        assertThat(cast("decimal(5,2)", "1.5", null, "1.555", "-999.99", "1000", "x"))
                .containsExactly("1.50", null, "-999.99");
        assertThat(dirty)
                .extracting(DirtyRow::where)
                .containsExactly("orders, row 3", "orders, row 5", "orders, row 6");
        assertThat(dirty.get(0).reason()).isEqualTo("1.555 has more digits than decimal(5,2)");
        assertThat(dirty.get(2).values()).isEqualTo("v=x, password=***");
    }

    @Test
    void integersHaveTheirBounds() {
        assertThat(cast("tinyint", "-128", "127", "128")).containsExactly("-128", "127");
        assertThat(cast("bigint", "9223372036854775807", "9223372036854775808")).containsExactly("9223372036854775807");
        assertThat(cast("boolean", "true", "0", "2")).containsExactly("true", "false");
    }

    @Test
    void datesAndTextsAreNeverCut() {
        assertThat(cast("date", "2026-11-01", "2026-11-01 00:00:00", "2026-11-01 01:00:00", "2026-02-30"))
                .containsExactly("2026-11-01", "2026-11-01");
        assertThat(cast("timestamp", "2026-11-01", "2026-11-01 10:05:00.5", ""))
                .containsExactly("2026-11-01 00:00:00.000000", "2026-11-01 10:05:00.500000");
        assertThat(cast("varchar(2)", "ab", "名前", "abc")).containsExactly("ab", "名前");
    }

    @Test
    void columnsMustBeEquallyMany() {
        assertThatThrownBy(() -> RowCast.between(
                        TypeDescription.fromString("struct<a:int>"),
                        TypeDescription.fromString("struct<a:int,b:int>"),
                        10,
                        "orders"))
                .hasMessageContaining("the reader has 1 columns [a], the writer 2 [a, b]");
        assertThatThrownBy(() -> cast("binary", "x")).hasMessageContaining("cannot be written as binary");
    }
}
