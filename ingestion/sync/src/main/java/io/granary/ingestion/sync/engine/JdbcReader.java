package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.KeyRanges;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsReader.ReaderConnection;
import io.granary.ingestion.sync.orc.RowToOrc;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Profile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/**
 * The rows of database tables, or of queries, in one consistent snapshot of each database. A part is a range of a table's
 * {@code splitPk}, a table, or a query.
 */
final class JdbcReader implements RowReader {
    /** Parts a channel, unless the job says: the last ones to end are short then. */
    private static final int PARTS_A_CHANNEL = 5;

    /** A part that is smaller costs more than it brings, unless the job says how many there are. */
    private static final long LEAST_ROWS = 50_000;

    private final RdbmsReader from;
    private final List<Sessions> databases = new ArrayList<>();
    private JdbcColumns columns;
    private TypeDescription schema;

    private JdbcReader(RdbmsReader from) {
        this.from = from;
    }

    static JdbcReader open(RdbmsReader from, Profile profile, int channels) {
        JdbcReader reader = new JdbcReader(from);
        try {
            reader.begin(profile, channels);
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private void begin(Profile profile, int channels) {
        for (ReaderConnection connection : from.connection()) {
            List<String> tables = from.isQuery() ? List.of() : connection.table();
            int parts = from.isQuery() ? connection.querySql().size() : tables.size();
            databases.add(Sessions.open(
                    PasswordReference.resolve(
                            from.plugin(), from.password(), connection.jdbcUrl().get(0), from.username(), profile),
                    tables,
                    from.splitPk() == null ? Math.min(channels, parts) : channels,
                    from.session()));
        }
        ReaderConnection first = from.connection().get(0);
        columns = databases
                .get(0)
                .use(database -> from.isQuery()
                        ? JdbcColumns.ofQuery(database, first.querySql().get(0))
                        : JdbcColumns.of(database, from.plugin(), first.table().get(0), from.column()));
        schema = columns.schema();
    }

    @Override
    public TypeDescription schema() {
        return schema;
    }

    @Override
    public List<RowPart> parts(int channels) {
        List<RowPart> parts = new ArrayList<>();
        for (int i = 0; i < databases.size(); i++) {
            ReaderConnection connection = from.connection().get(i);
            // a table's name alone, where there is one database: a part means the same in another attempt
            String prefix = databases.size() == 1 ? "" : i + "/";
            for (String query : connection.querySql()) {
                parts.add(new RowPart(id(parts.size()), "query " + query, null, prefix + query));
            }
            for (String table : connection.table()) {
                for (String condition : databases.get(i).use(database -> conditions(database, table, channels))) {
                    parts.add(new RowPart(id(parts.size()), table + what(condition), condition, prefix + table));
                }
            }
        }
        return parts;
    }

    private List<String> conditions(Database database, String table, int channels) {
        if (from.splitPk() == null) {
            return Collections.singletonList(from.where());
        }
        int parts = channels * (from.splitFactor() == null ? PARTS_A_CHANNEL : from.splitFactor());
        if (from.splitFactor() == null) {
            long rows = database.dialect().estimate(database, "SELECT 1" + database.from(table, from.where()));
            parts = (int) Math.max(1, Math.min(parts, rows < 0 ? parts : rows / LEAST_ROWS));
        }
        return KeyRanges.cut(database, table, from.splitPk(), from.where(), parts);
    }

    private static String id(int number) {
        return String.format(Locale.ROOT, "%05d", number);
    }

    private static String what(String condition) {
        return condition == null || condition.equals("1 = 1") ? "" : " where " + condition;
    }

    private Sessions database(RowPart part) {
        int slash = databases.size() == 1 ? -1 : part.from().indexOf('/');
        return databases.get(slash < 0 ? 0 : Integer.parseInt(part.from().substring(0, slash)));
    }

    private String table(RowPart part) {
        return databases.size() == 1
                ? part.from()
                : part.from().substring(part.from().indexOf('/') + 1);
    }

    private String select(Database database, RowPart part) {
        return from.isQuery()
                ? table(part)
                : "SELECT " + columns.select(table(part)) + database.from(table(part), part.condition());
    }

    @Override
    public void read(RowPart part, RowSink sink) {
        database(part).use(database -> {
            read(database, part, sink);
            return null;
        });
    }

    private void read(Database database, RowPart part, RowSink sink) {
        String select = select(database, part);
        try (Statement statement = from.isQuery() ? database.streaming() : database.streaming(table(part))) {
            if (from.fetchSize() != null) {
                statement.setFetchSize(from.fetchSize());
            }
            try (ResultSet result = statement.executeQuery(select)) {
                RowToOrc copy =
                        new RowToOrc(database.dialect(), result.getMetaData(), schema, zeroDates(), from.splitPk());
                VectorizedRowBatch batch = sink.batch();
                long number = 0;
                while (result.next()) {
                    DirtyRow refused = copy.copy(result, batch, ++number);
                    if (refused == null) {
                        sink.added(copy.bytes());
                    } else {
                        sink.dirty(new DirtyRow(
                                part.what() + ", " + refused.where(),
                                refused.column(),
                                refused.values(),
                                refused.reason()));
                    }
                }
            }
        } catch (SQLException e) {
            throw database.failed(select, e);
        }
    }

    @Override
    public Optional<RowSums> sums(RowPart part) {
        return from.isQuery()
                ? Optional.empty()
                : Optional.of(database(part)
                        .use(database -> columns.sums(database, table(part), part.condition(), zeroDates())));
    }

    @Override
    public Optional<String> fingerprint(RowPart part) {
        return from.isQuery()
                ? Optional.empty()
                : database(part).use(database -> columns.fingerprint(database, table(part), part.condition()));
    }

    private ZeroDates zeroDates() {
        return "null".equals(from.zeroDates()) ? ZeroDates.NULL : ZeroDates.FAIL;
    }

    @Override
    public void stop() {
        databases.forEach(Sessions::abort);
    }

    @Override
    public void close() {
        databases.forEach(Sessions::close);
    }
}
