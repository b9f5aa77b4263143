package io.granary.batch.sql;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.warehouse.command.Output;
import java.io.PrintStream;
import java.util.Locale;

/** Runs statements one after another: rows to {@code out}, counts and times to {@code err}. */
final class Runner {
    private final HiveJdbcSession session;
    private final Output format;
    private final PrintStream out;
    private final PrintStream err;
    private volatile boolean running;
    private boolean printedBefore;

    Runner(HiveJdbcSession session, Output format, PrintStream out, PrintStream err) {
        this.session = session;
        this.format = format;
        this.out = out;
        this.err = err;
    }

    /** @throws io.granary.warehouse.error.GranaryException when the statement fails */
    void run(String statement) {
        long started = System.nanoTime();
        ResultPrinter printer = ResultPrinter.of(format, out);
        if (printedBefore) {
            printer.follows();
        }
        running = true;
        try {
            session.run(statement, printer);
        } finally {
            running = false;
        }
        printer.end();
        printedBefore |= printer.hasPrinted();
        String what = printer.hasPrinted() ? printer.rows() + (printer.rows() == 1 ? " row" : " rows") : "OK";
        err.printf(Locale.ROOT, "%s  %.2f s%n", what, (System.nanoTime() - started) / 1e9);
    }

    boolean isRunning() {
        return running;
    }

    void cancel() {
        session.cancel();
    }
}
