package io.granary.batch.run;

import io.granary.tablestore.SqlSession;

/** The session of a command that only looks at what is published. */
public final class NoSql implements SqlSession {
    @Override
    public void execute(String sql) {
        throw new IllegalStateException("a plan runs no SQL: " + sql);
    }

    @Override
    public Rows query(String sql) {
        throw new IllegalStateException("a plan runs no SQL: " + sql);
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}
}
