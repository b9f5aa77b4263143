package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.orc.RowToOrc;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowSizes;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** The rows of a database table in one consistent snapshot. */
final class JdbcReader implements RowReader {
    private static final int FETCH = 1000;

    private final DataxJob.MysqlReader from;
    private final Database database;
    private final TypeDescription schema = TypeDescription.createStruct();

    private JdbcReader(DataxJob.MysqlReader from, Database database) {
        this.from = from;
        this.database = database;
        Map<String, DatabaseColumn> known = database.columns(from.table()).stream()
                .collect(Collectors.toMap(DatabaseColumn::name, Function.identity()));
        for (String name : from.column()) {
            DatabaseColumn column = known.get(name);
            if (column == null) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        from.plugin() + ": table " + from.table() + " of " + database.address() + " has no column '"
                                + name + "'; it has " + String.join(", ", known.keySet()));
            }
            schema.addField(name, TypeDescription.fromString(column.hiveType()));
        }
    }

    static JdbcReader open(DataxJob.MysqlReader from, Profile profile, int channels) {
        if (channels != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.speed.channel is " + channels + "; a table is read in one channel, set it to 1");
        }
        Database database = Database.open(
                PasswordReference.resolve(from.plugin(), from.password(), from.jdbcUrl(), from.username(), profile));
        try {
            JdbcReader reader = new JdbcReader(from, database);
            database.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            database.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            return reader;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public TypeDescription schema() {
        return schema;
    }

    @Override
    public List<RowPart> parts(int channels) {
        return List.of(new RowPart("00000", from.table(), from.where(), from.table()));
    }

    private static String rows(RowPart part) {
        return " FROM " + Database.quoted(part.from()) + (part.condition() == null ? "" : " WHERE " + part.condition());
    }

    @Override
    public void read(RowPart part, RowSink sink) {
        String select =
                "SELECT " + from.column().stream().map(Database::quoted).collect(Collectors.joining(", ")) + rows(part);
        try (Statement statement =
                database.jdbc().createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(FETCH);
            RowToOrc copy = new RowToOrc(schema, from.splitPk());
            VectorizedRowBatch batch = sink.batch();
            RowSizes sizes = new RowSizes(batch);
            long number = 0;
            try (ResultSet result = statement.executeQuery(select)) {
                while (result.next()) {
                    try {
                        copy.append(result, batch, ++number);
                        batch.size--;
                        sink.added(sizes.of(batch.size));
                    } catch (GranaryException e) {
                        sink.dirty(new DirtyRow(part.what(), null, "", e.getMessage()));
                    }
                }
            }
        } catch (SQLException e) {
            throw database.failed(select, e);
        }
    }

    @Override
    public Optional<RowSums> sums(RowPart part) {
        return Optional.of(new RowSums(database.number("SELECT count(*)" + rows(part)), List.of()));
    }

    @Override
    public void close() {
        database.close();
    }
}
