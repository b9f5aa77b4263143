package io.granary.ingestion.sync.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.job.Transformer;
import io.granary.ingestion.sync.row.CellText;
import io.granary.ingestion.sync.row.DirtyRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.junit.jupiter.api.Test;

/** DataX's transformers by the examples of its own page and the edges of its source. */
class TransformersTest {
    private final List<DirtyRow> dirty = new ArrayList<>();

    @Test
    void substrAsOnDataxPage() {
        assertThat(run("string", t("dx_substr", "2", "5"), "dataxTest")).containsExactly("taxTe");
        assertThat(run("string", t("dx_substr", "5", "10"), "dataxTest")).containsExactly("Test");
        assertThat(run("string", t("dx_substr", "0", "0"), "x", null)).containsExactly("", null);
        assertThat(run("string", t("dx_substr", "3", "2147483647"), "abc", "abcd"))
                .containsExactly("", "d");
        assertThat(run("bigint", t("dx_substr", "1", "2"), -12345L)).containsExactly("12");
    }

    @Test
    void aPositionBehindTheEndMakesTheRowDirty() {
        assertThat(run("string", t("dx_substr", "3", "1"), "abcdef", "ab", "xyz"))
                .containsExactly("d", "");
        assertThat(dirty).hasSize(1);
        assertThat(dirty.get(0).where()).isEqualTo("orders, row 2");
        assertThat(dirty.get(0).reason()).isEqualTo("dx_substr startIndex(3) out of range(2)");
        assertThat(run("string", t("dx_replace", "3", "1", "x"), "ab")).isEmpty();
        assertThat(dirty.get(1).reason()).isEqualTo("dx_replace startIndex(3) out of range(2)");
    }

    @Test
    void halfACharacterIsNotWritten() {
        assertThat(run("string", t("dx_substr", "0", "1"), "🙂")).isEmpty();
        assertThat(dirty.get(0).reason()).contains("cut in two");
        assertThat(run("string", t("dx_substr", "0", "2"), "🙂x")).containsExactly("🙂");
    }

    @Test
    void padAsOnDataxPage() {
        assertThat(run("string", t("dx_pad", "l", "4", "A"), "xyz", "xyzzzzz", null))
                .containsExactly("Axyz", "xyzz", "AAAA");
        assertThat(run("string", t("dx_pad", "R", "6", "ab"), "x", "", "xyzzzz"))
                .containsExactly("xababa", "ababab", "xyzzzz");
    }

    @Test
    void replaceAsOnDataxPage() {
        assertThat(run("string", t("dx_replace", "2", "4", "****"), "dataxTest", null))
                .containsExactly("da****est", null);
        assertThat(run("string", t("dx_replace", "5", "10", "****"), "dataxTest"))
                .containsExactly("datax****");
    }

    @Test
    void digestAsOnDataxPage() {
        assertThat(run("string", t("dx_digest", "md5", "toUpperCase"), "xyzzzzz", null))
                .containsExactly("9CDFFC4FA4E45A99DB8BBCD762ACFFA2", "D41D8CD98F00B204E9800998ECF8427E");
        assertThat(run("string", t("dx_digest", "sha1", "toLowerCase"), ""))
                .containsExactly("da39a3ee5e6b4b0d3255bfef95601890afd80709");
        // DataX takes MD5 for SHA-1 here
        assertThat(run("string", t("dx_digest", "MD5", "toLowerCase"), ""))
                .containsExactly("d41d8cd98f00b204e9800998ecf8427e");
    }

    @Test
    void likeIsAFullMatchOfTheText() {
        assertThat(run("string", t("dx_filter", "like", "a.*"), "abc", "bac", null))
                .containsExactly("bac", null);
        assertThat(run("string", t("dx_filter", "NOT LIKE", "a.*"), "abc", "bac", null))
                .containsExactly("abc");
        assertThat(run("int", t("dx_filter", "like", "1.*"), 12L, 21L)).containsExactly("21");
        assertThat(run("double", t("dx_filter", "like", "10000000000"), 1e10, 1.5))
                .containsExactly("1.5");
    }

    @Test
    void numbersAreComparedAsNumbers() {
        assertThat(run("bigint", t("dx_filter", ">=", "10"), 9L, 10L, 100L, null))
                .containsExactly("9", null);
        assertThat(run("bigint", t("dx_filter", "<", "10"), 9L, 10L, null)).containsExactly("10", null);
        assertThat(run("double", t("dx_filter", ">", "1.5"), 1.5, 1.6, Double.NaN))
                .containsExactly("1.5", "NaN");
        assertThat(run("double", t("dx_filter", "!=", "1.5"), 1.5, 1.6, Double.NaN, null))
                .containsExactly("1.5");
        BigDecimal exact = new BigDecimal("9007199254740993.10");
        assertThat(run("decimal(20,2)", t("dx_filter", "=", "9007199254740993.1"), exact, exact.add(BigDecimal.ONE)))
                .containsExactly("9007199254740994.10");
    }

    @Test
    void textsAreComparedAsTexts() {
        assertThat(run("string", t("dx_filter", ">", "9"), "10", "91", null)).containsExactly("10", null);
        assertThat(run("boolean", t("dx_filter", "==", "true"), 1L, 0L)).containsExactly("false");
        assertThat(run("string", t("dx_filter", "<=", "b"), "a", "b", "c")).containsExactly("c");
    }

    @Test
    void datesAreComparedAsMillisecondsOrDates() {
        LocalDateTime noon = LocalDateTime.parse("2026-11-01T12:00:00");
        String millis = String.valueOf(noon.toInstant(ZoneOffset.UTC).toEpochMilli());
        assertThat(run("timestamp", t("dx_filter", ">", millis), noon, noon.plusNanos(1_000_000)))
                .containsExactly("2026-11-01 12:00:00.000000");
        assertThat(run("timestamp", t("dx_filter", ">=", "2026-11-01 12:00:00"), noon, noon.minusDays(1)))
                .containsExactly("2026-10-31 12:00:00.000000");
        assertThat(run(
                        "date",
                        t("dx_filter", "<", "2026-11-01"),
                        LocalDate.of(2026, 10, 31),
                        LocalDate.of(2026, 11, 1)))
                .containsExactly("2026-11-01");
        assertThat(run("timestamp", t("dx_substr", "0", "16"), noon)).containsExactly("2026-11-01 12:00");
    }

    @Test
    void nullIsNamedByTheWordNull() {
        assertThat(run("string", t("dx_filter", "=", "null"), null, "x")).containsExactly("x");
        assertThat(run("string", t("dx_filter", "=", "x"), null, "x")).containsExactly((String) null);
        assertThat(run("string", t("dx_filter", "!=", "null"), null, "x")).containsExactly((String) null);
        assertThat(run("string", t("dx_filter", "!=", "x"), null, "x", "y")).containsExactly("x");
        assertThat(run("bigint", t("dx_filter", "=", "NULL"), null, 1L)).containsExactly("1");
        assertThat(run("bigint", t("dx_filter", "!=", "null"), null, 1L)).containsExactly((String) null);
    }

    @Test
    void oneAfterTheOtherAndDirtyRowsGoNoFurther() {
        List<Transformer> list =
                List.of(t("dx_filter", "<", "100"), t("dx_substr", "1", "2"), t("dx_pad", "r", "4", "0"));
        TypeDescription schema = TypeDescription.fromString("struct<v:bigint>");
        Transformers all = Transformers.of(list, schema);
        assertThat(all.schema()).hasToString("struct<v:string>");
        assertThat(texts(all, schema, 99L, 123L, null, 4567L)).containsExactly("2300", "0000", "5600");
    }

    @Test
    void whatCannotWorkIsRefusedBeforeTheFirstRow() {
        refused("string", t("dx_substr", "1"), "dx_substr of column 0: has 1 paras; it takes 2");
        refused("string", t("dx_substr", "-1", "2"), "startIndex is -1");
        refused("string", t("dx_pad", "x", "2", "0"), "first para is 'x'");
        refused("string", t("dx_pad", "l", "2", ""), "the text to pad with is empty");
        refused("string", t("dx_digest", "sha256", "toUpperCase"), "supported: md5, sha1");
        refused("string", t("dx_filter", "~", "x"), "operator '~' is not supported");
        refused("string", t("dx_filter", "like", "(a"), "pattern '(a': Unclosed group");
        refused("bigint", t("dx_filter", ">", "ten"), "'ten' cannot be compared with a column of type bigint");
        refused("string", t("dx_filter", "=", ""), "is empty");
        assertThatThrownBy(() -> Transformers.of(
                        List.of(new Transformer("dx_pad", new Transformer.Parameter(3, List.of("l", "1", "x")))),
                        TypeDescription.fromString("struct<v:string>")))
                .hasMessageContaining("columnIndex is 3; the rows have columns 0 to 0 [v]");
    }

    private static Transformer t(String name, String... paras) {
        return new Transformer(name, new Transformer.Parameter(0, List.of(paras)));
    }

    private static void refused(String type, Transformer transformer, String message) {
        assertThatThrownBy(() ->
                        Transformers.of(List.of(transformer), TypeDescription.fromString("struct<v:" + type + ">")))
                .hasMessageContaining(message);
    }

    private List<String> run(String type, Transformer transformer, Object... values) {
        TypeDescription schema = TypeDescription.fromString("struct<v:" + type + ">");
        return texts(Transformers.of(List.of(transformer), schema), schema, values);
    }

    private List<String> texts(Transformers all, TypeDescription schema, Object... values) {
        Object[] given = values == null ? new Object[] {null} : values;
        VectorizedRowBatch batch = schema.createRowBatch(8);
        for (int i = 0; i < given.length; i++) {
            set(batch.cols[0], i, given[i]);
        }
        batch.size = given.length;
        VectorizedRowBatch out = all.open("orders", 8).apply(batch, dirty::add);
        List<String> texts = new ArrayList<>();
        TypeDescription type = all.schema().getChildren().get(0);
        for (int i = 0; i < out.size; i++) {
            int row = out.selectedInUse ? out.selected[i] : i;
            ColumnVector vector = out.cols[0];
            texts.add(!vector.noNulls && vector.isNull[row] ? null : CellText.of(type, vector, row));
        }
        assertThat(Arrays.stream(given).toList()).hasSize(batch.size);
        return texts;
    }

    private static void set(ColumnVector vector, int at, Object value) {
        if (value == null) {
            vector.isNull[at] = true;
            vector.noNulls = false;
        } else if (value instanceof String text) {
            ((BytesColumnVector) vector).setVal(at, text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Long number) {
            ((LongColumnVector) vector).vector[at] = number;
        } else if (value instanceof Double number) {
            ((DoubleColumnVector) vector).vector[at] = number;
        } else if (value instanceof BigDecimal number) {
            ((DecimalColumnVector) vector).set(at, HiveDecimal.create(number));
        } else if (value instanceof LocalDate date) {
            ((LongColumnVector) vector).vector[at] = date.toEpochDay();
        } else if (value instanceof LocalDateTime time) {
            TimestampColumnVector times = (TimestampColumnVector) vector;
            times.time[at] = time.toInstant(ZoneOffset.UTC).toEpochMilli();
            times.nanos[at] = time.getNano();
        }
    }
}
