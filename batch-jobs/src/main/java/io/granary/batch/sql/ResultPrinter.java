package io.granary.batch.sql;

import io.granary.tablestore.HiveJdbcSession.ResultColumn;
import io.granary.tablestore.HiveJdbcSession.RowReader;
import io.granary.warehouse.command.Output;
import java.io.PrintStream;
import java.util.List;

/** Prints one result. {@link #end} is called after the last row; {@link #rows} then says how many there were. */
abstract class ResultPrinter implements RowReader {
    private final PrintStream out;
    private List<ResultColumn> columns = List.of();
    private long rows;
    private boolean follows;
    private boolean begun;

    ResultPrinter(PrintStream out) {
        this.out = out;
    }

    /** The printer of a form. */
    static ResultPrinter of(Output form, PrintStream out) {
        return switch (form) {
            case TABLE -> new TablePrinter(out);
            case JSON -> new JsonPrinter(out);
            case CSV -> new CsvPrinter(out);
        };
    }

    /** Another result has been printed: an empty line keeps them apart. */
    final void follows() {
        follows = true;
    }

    @Override
    public final void columns(List<ResultColumn> given) {
        columns = List.copyOf(given);
        if (!columns.isEmpty() && !isCommand()) {
            open();
        }
    }

    /** The Thrift Server gives commands such as CREATE and INSERT this column, and no row. */
    private boolean isCommand() {
        return columns.size() == 1 && columns.get(0).name().equals("Result");
    }

    private void open() {
        begun = true;
        if (follows) {
            out.print("\n");
        }
        begin();
    }

    @Override
    public final void row(List<Object> cells) {
        if (!begun) {
            open();
        }
        rows++;
        print(cells);
    }

    final void end() {
        if (begun) {
            finish();
        }
        out.flush();
    }

    final long rows() {
        return rows;
    }

    /** False for a statement that is a command and has no rows to show. */
    final boolean hasPrinted() {
        return begun;
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
