package io.granary.ingestion.flume.poll;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.manifest.Poll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The table, read in pages in the order of watermark and key, each in a transaction of its own. */
final class PolledTable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper VALUES = new ObjectMapper();
    private static final int FETCHED_ROWS = 200;
    private static final Set<String> DELETED = Set.of("1", "t", "true", "y", "yes", "d", "del", "delete", "deleted");

    private final Connection connection;
    private final DatabaseKind database;
    private final PollSettings settings;
    private final List<String> columns;
    private final List<Cell> cells = new ArrayList<>();

    /** What takes the rows. */
    interface RowReader {
        /** @param row JSON of the row without its opening brace */
        void row(byte[] row) throws IOException;
    }

    private PolledTable(Connection connection, DatabaseKind database, PollSettings settings, List<String> columns) {
        this.connection = connection;
        this.database = database;
        this.settings = settings;
        this.columns = columns;
    }

    /**
     * Looks at the table's columns.
     *
     * @throws IOException when the table cannot be polled so; it names the column and the setting
     */
    static PolledTable open(Connection connection, DatabaseKind database, PollSettings settings)
            throws SQLException, IOException {
        PolledTable table = new PolledTable(connection, database, settings, settings.allColumns());
        try (PreparedStatement statement = connection.prepareStatement(table.select() + " WHERE 1 = 0");
                ResultSet none = statement.executeQuery()) {
            ResultSetMetaData found = none.getMetaData();
            for (int i = 1; i <= found.getColumnCount(); i++) {
                table.cells.add(Cell.of(found, i));
            }
            table.check(found);
        }
        connection.rollback();
        return table;
    }

    private void check(ResultSetMetaData found) throws SQLException, IOException {
        for (String key : settings.key()) {
            int i = columns.indexOf(key);
            if (!cells.get(i).isOrdered()) {
                throw new IOException("key: column " + key + " is " + found.getColumnTypeName(i + 1)
                        + ", which rows cannot be ordered by exactly");
            }
            if (found.isNullable(i + 1) == ResultSetMetaData.columnNullable) {
                throw new IOException("key: column " + key + " may be NULL; name the primary key");
            }
        }
        int i = columns.indexOf(settings.watermark());
        if (!cells.get(i).isMark()) {
            throw new IOException("watermark: column " + settings.watermark() + " is " + found.getColumnTypeName(i + 1)
                    + "; it must be a date-time, a date or a whole number");
        }
        settings.overlap(mark());
    }

    /** The watermark's kind. */
    Cell mark() {
        return cells.get(columns.indexOf(settings.watermark()));
    }

    /** The database's time in the watermark's unit. */
    long now() throws SQLException {
        if (mark() == Cell.INTEGER) {
            return Long.MAX_VALUE;
        }
        try (PreparedStatement statement = connection.prepareStatement(database.now());
                ResultSet row = statement.executeQuery()) {
            row.next();
            long micros = row.getBigDecimal(1).longValue();
            return mark() == Cell.DATE ? RowVersion.micros(Instant.EPOCH.plusMillis(micros / 1000)) : micros;
        } finally {
            connection.rollback();
        }
    }

    /** Reads one page; how many rows it had. */
    int read(Bound after, RowReader reader) throws SQLException, IOException {
        try (PreparedStatement statement = connection.prepareStatement(page(after))) {
            statement.setFetchSize(FETCHED_ROWS);
            bind(statement, after);
            try (ResultSet rows = statement.executeQuery()) {
                int count = 0;
                for (; rows.next(); count++) {
                    reader.row(row(rows));
                }
                return count;
            }
        } finally {
            connection.rollback();
        }
    }

    private byte[] row(ResultSet rows) throws SQLException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        // through a writer: it keeps characters beyond U+FFFF as they are
        try (JsonGenerator out = JSON.createGenerator(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            out.writeStartObject();
            if (settings.deleted() != null) {
                out.writeBooleanField(Poll.IS_DELETED, isDeleted(rows));
            }
            for (int i = 0; i < cells.size(); i++) {
                out.writeFieldName(columns.get(i));
                cells.get(i).write(rows, i + 1, settings.zone(), out);
            }
            out.writeEndObject();
        }
        byte[] object = bytes.toByteArray();
        return Arrays.copyOfRange(object, 1, object.length);
    }

    private boolean isDeleted(ResultSet rows) throws SQLException {
        String value = rows.getString(columns.indexOf(settings.deleted()) + 1);
        return value != null && DELETED.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    private String select() {
        List<String> quoted = columns.stream().map(database::quoted).toList();
        return "SELECT " + String.join(", ", quoted) + " FROM " + database.table(settings.table());
    }

    private String page(Bound after) {
        String mark = database.quoted(settings.watermark());
        List<String> order = new ArrayList<>(List.of(mark));
        settings.key().forEach(key -> order.add(database.quoted(key)));
        return select() + " WHERE " + condition(after, mark) + " ORDER BY " + String.join(", ", order) + " LIMIT "
                + settings.pageRows();
    }

    private String condition(Bound after, String mark) {
        if (after == null) {
            return mark + " IS NOT NULL";
        }
        if (after.key() == null) {
            return mark + " >= ?";
        }
        StringBuilder behind = new StringBuilder();
        for (int i = 0; i < settings.key().size(); i++) {
            behind.append(i == 0 ? "" : " OR ").append('(');
            for (int j = 0; j < i; j++) {
                behind.append(database.quoted(settings.key().get(j))).append(" = ? AND ");
            }
            behind.append(database.quoted(settings.key().get(i))).append(" > ?)");
        }
        // the first part lets an index on the watermark be used
        return mark + " >= ? AND (" + mark + " > ? OR " + behind + ")";
    }

    private void bind(PreparedStatement statement, Bound after) throws SQLException, IOException {
        if (after == null) {
            return;
        }
        int at = 1;
        mark().bindMark(statement, at++, after.mark(), settings.zone());
        if (after.key() == null) {
            return;
        }
        mark().bindMark(statement, at++, after.mark(), settings.zone());
        JsonNode values = VALUES.readTree(after.key());
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j <= i; j++) {
                Cell cell = cells.get(columns.indexOf(settings.key().get(j)));
                cell.bind(statement, at++, values.get(j).asText(), settings.zone());
            }
        }
    }
}
