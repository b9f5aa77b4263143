package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.orc.OrcToRow;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.config.Profile;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Rows into a database table, {@code preSql} and {@code postSql} around them, all in one transaction. */
final class JdbcWriter implements RowWriter {
    private final DataxJob.MysqlWriter to;
    private final Database database;
    private final TypeDescription schema;

    private JdbcWriter(DataxJob.MysqlWriter to, Database database, TypeDescription schema) {
        this.to = to;
        this.database = database;
        this.schema = schema;
    }

    static JdbcWriter open(DataxJob.MysqlWriter to, Profile profile, int channels, TypeDescription schema) {
        Database database = Database.open(
                PasswordReference.resolve(to.plugin(), to.password(), to.jdbcUrl(), to.username(), profile));
        try {
            JdbcWriter writer = new JdbcWriter(to, database, schema);
            database.jdbc().setAutoCommit(false);
            to.preSql().forEach(sql -> database.execute(writer.atTable(sql)));
            return writer;
        } catch (SQLException e) {
            database.close();
            throw database.failed("transaction on " + to.table(), e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private String atTable(String sql) {
        return sql.replace("@table", Database.quoted(to.table()));
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        String insert = "INSERT INTO " + Database.quoted(to.table()) + " ("
                + to.column().stream().map(Database::quoted).collect(Collectors.joining(", ")) + ") VALUES ("
                + String.join(", ", Collections.nCopies(to.column().size(), "?")) + ")";
        try {
            return new Rows(insert, database.jdbc().prepareStatement(insert));
        } catch (SQLException e) {
            throw database.failed(insert, e);
        }
    }

    @Override
    public void commit() {
        to.postSql().forEach(sql -> database.execute(atTable(sql)));
        try {
            database.jdbc().commit();
        } catch (SQLException e) {
            throw database.failed("transaction on " + to.table(), e);
        }
    }

    @Override
    public void close() {
        database.close();
    }

    private final class Rows implements Part {
        private final String insert;
        private final PreparedStatement statement;
        private final OrcToRow row = new OrcToRow(schema);
        private int waiting;
        private long written;

        private Rows(String insert, PreparedStatement statement) {
            this.insert = insert;
            this.statement = statement;
        }

        @Override
        public void write(VectorizedRowBatch batch) {
            try {
                for (int at = 0; at < batch.size; at++) {
                    row.bind(batch, at, statement);
                    statement.addBatch();
                    if (++waiting == to.batchSize()) {
                        send();
                    }
                }
            } catch (SQLException e) {
                throw database.failed(insert, e);
            }
        }

        private void send() throws SQLException {
            statement.executeBatch();
            written += waiting;
            waiting = 0;
        }

        @Override
        public RowSums finish() {
            try {
                if (waiting > 0) {
                    send();
                }
                return new RowSums(written, List.of());
            } catch (SQLException e) {
                throw database.failed(insert, e);
            }
        }

        @Override
        public void close() {
            try {
                statement.close();
            } catch (SQLException e) {
                throw database.failed(insert, e);
            }
        }
    }
}
