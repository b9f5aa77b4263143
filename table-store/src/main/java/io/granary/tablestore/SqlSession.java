package io.granary.tablestore;

import java.util.List;

/** One connection to a SQL engine. Not thread-safe; open one for each thread. */
public interface SqlSession extends AutoCloseable {
    /**
     * Runs a statement that returns no rows.
     *
     * @throws io.granary.warehouse.error.GranaryException with the engine's own message and the statement's first lines
     */
    void execute(String sql);

    /** Runs a query and holds its whole result: for small results only. */
    Rows query(String sql);

    /** Stops the running statement; may be called from another thread. */
    void cancel();

    @Override
    void close();

    /** A small result; a cell is null or what the driver gave. */
    record Rows(List<String> columns, List<List<Object>> rows) {
        /** The only cell of a result of one row and one column, as a number. */
        public long single() {
            return ((Number) rows.get(0).get(0)).longValue();
        }
    }
}
