package io.granary.batch.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.HiveJdbcSession.ResultColumn;
import io.granary.warehouse.command.Output;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultPrinterTest {
    private static final List<ResultColumn> COLUMNS = List.of(
            new ResultColumn("name", "string"), new ResultColumn("n", "decimal"), new ResultColumn("name", "string"));

    @Test
    void csvKeepsNullApartFromTheEmptyText() {
        assertThat(print(
                        Output.CSV,
                        COLUMNS,
                        Arrays.asList("a,\"b\"", new BigDecimal("1E+3"), null),
                        Arrays.asList("", new BigDecimal("0.10"), "two\nlines")))
                .isEqualTo("name,n,name\n\"a,\"\"b\"\"\",1000,\n\"\",0.10,\"two\nlines\"\n");
    }

    @Test
    void jsonHasExactNumbersAndNamesOnce() {
        assertThat(print(
                        Output.JSON,
                        COLUMNS,
                        Arrays.asList("a\"", new BigDecimal("12345678901234567890.10"), null),
                        Arrays.asList("", Double.NaN, true)))
                .isEqualTo("[\n{\"name\":\"a\\\"\",\"n\":12345678901234567890.10,\"name_2\":null},\n"
                        + "{\"name\":\"\",\"n\":\"NaN\",\"name_2\":true}\n]\n");
        assertThat(print(Output.JSON, COLUMNS)).isEqualTo("[]\n");
    }

    @Test
    void tablesAlignAndShowControlCharacters() {
        assertThat(print(Output.TABLE, COLUMNS, Arrays.asList("上海", 7, null), Arrays.asList("a\tb", 1234, "x")))
                .isEqualTo("name  n     name\n----  ----  ----\n上海     7  NULL\na\\tb  1234  x\n");
    }

    @Test
    void aLongTableIsPrintedWhole() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ResultPrinter printer = ResultPrinter.of(Output.TABLE, new PrintStream(text, true, StandardCharsets.UTF_8));
        printer.columns(List.of(new ResultColumn("n", "int")));
        for (int i = 0; i < 2500; i++) {
            printer.row(List.of(i));
        }
        printer.end();
        assertThat(text.toString(StandardCharsets.UTF_8).lines()).hasSize(2502);
        assertThat(printer.rows()).isEqualTo(2500);
    }

    @Test
    void aStatementWithoutAResultPrintsNothing() {
        for (Output format : Output.values()) {
            assertThat(print(format, List.of())).isEmpty();
            assertThat(print(format, List.of(new ResultColumn("Result", "string"))))
                    .isEmpty();
        }
    }

    @Test
    void timestampsAndBytes() {
        assertThat(Cells.text(Timestamp.valueOf("2026-11-01 10:05:00"))).isEqualTo("2026-11-01 10:05:00");
        assertThat(Cells.text(Timestamp.valueOf("2026-11-01 10:05:00.120"))).isEqualTo("2026-11-01 10:05:00.12");
        assertThat(Cells.text(new byte[] {1, (byte) 0xff})).isEqualTo("01ff");
    }

    @SafeVarargs
    private static String print(Output format, List<ResultColumn> columns, List<Object>... rows) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ResultPrinter printer = ResultPrinter.of(format, new PrintStream(text, true, StandardCharsets.UTF_8));
        printer.columns(columns);
        for (List<Object> row : rows) {
            printer.row(row);
        }
        printer.end();
        return text.toString(StandardCharsets.UTF_8);
    }
}
