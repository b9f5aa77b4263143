package io.granary.batch.sql;

import io.granary.tablestore.HiveJdbcSession.ResultColumn;
import io.granary.tablestore.HiveJdbcSession.RowReader;
import java.io.PrintStream;
import java.util.List;

/** Prints one result. {@link #end} is called after the last row; {@link #rows} then says how many there were. */
abstract class ResultPrinter implements RowReader {
    private final PrintStream out;
    private List<ResultColumn> columns = List.of();
    private long rows;

    ResultPrinter(PrintStream out) {
        this.out = out;
    }

    /** Forms in which rows are printed. */
    enum Format {
        TABLE,
        JSON,
        CSV;

        ResultPrinter printer(PrintStream out) {
            return switch (this) {
                case TABLE -> new TablePrinter(out);
                case JSON -> new JsonPrinter(out);
                case CSV -> new CsvPrinter(out);
            };
        }
    }

    @Override
    public final void columns(List<ResultColumn> given) {
        columns = List.copyOf(given);
        if (!columns.isEmpty()) {
            begin();
        }
    }

    @Override
    public final void row(List<Object> cells) {
        rows++;
        print(cells);
    }

    final void end() {
        if (!columns.isEmpty()) {
            finish();
        }
        out.flush();
    }

    final long rows() {
        return rows;
    }

    final boolean hasColumns() {
        return !columns.isEmpty();
    }

    final List<ResultColumn> columns() {
        return columns;
    }

    final PrintStream out() {
        return out;
    }

    abstract void begin();

    abstract void print(List<Object> cells);

    abstract void finish();
}
