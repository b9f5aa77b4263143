package io.granary.ingestion.flume.poll;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;

/** How a column's values stand in JSON, exactly, and how they are given back to the database. */
enum Cell {
    INTEGER,
    DECIMAL,
    FLOATING,
    BOOLEAN,
    DATE,
    /** A date-time without a zone: the zone is the source's to state. */
    WALL_CLOCK,
    /** A date-time that the database gives in UTC. */
    INSTANT,
    /** Base64. */
    BINARY,
    TEXT;

    private static final DateTimeFormatter SQL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    static Cell of(ResultSetMetaData columns, int i) throws SQLException {
        String name = columns.getColumnTypeName(i).toLowerCase(Locale.ROOT);
        return switch (columns.getColumnType(i)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> INTEGER;
            case Types.DECIMAL, Types.NUMERIC -> DECIMAL;
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> FLOATING;
            case Types.BIT, Types.BOOLEAN -> columns.getPrecision(i) > 1 ? BINARY : BOOLEAN;
            case Types.DATE -> DATE;
            case Types.TIMESTAMP ->
                // PostgreSQL's timestamptz, MySQL's TIMESTAMP; PostgreSQL's timestamp is a wall clock
                name.equals("timestamptz") || name.equals("timestamp") && isMysql(columns) ? INSTANT : WALL_CLOCK;
            case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BINARY;
            default -> TEXT;
        };
    }

    private static boolean isMysql(ResultSetMetaData columns) {
        return !columns.getClass().getName().startsWith("org.postgresql.");
    }

    /** Whether rows can be read on behind a value of it. */
    boolean isOrdered() {
        return this == INTEGER || this == DECIMAL || this == DATE || this == TEXT || isTime();
    }

    /** Whether it can be a watermark. */
    boolean isMark() {
        return this == INTEGER || this == DATE || isTime();
    }

    boolean isTime() {
        return this == WALL_CLOCK || this == INSTANT;
    }

    /** Writes a value; zero dates are NULL. */
    void write(ResultSet row, int i, ZoneId zone, JsonGenerator out) throws SQLException, IOException {
        switch (this) {
            case INTEGER -> number(out, row.getString(i));
            case DECIMAL -> decimal(out, row, i);
            case FLOATING -> floating(out, row, i);
            case BOOLEAN -> {
                boolean value = row.getBoolean(i);
                if (row.wasNull()) {
                    out.writeNull();
                } else {
                    out.writeBoolean(value);
                }
            }
            case DATE, TEXT -> {
                String text = row.getString(i);
                out.writeString(this == DATE && text != null && text.startsWith("0000-00-00") ? null : text);
            }
            case WALL_CLOCK -> {
                LocalDateTime time = row.getObject(i, LocalDateTime.class);
                instant(out, time == null ? null : time.atZone(zone).toInstant());
            }
            case INSTANT -> instant(out, utc(row, i));
            case BINARY -> {
                byte[] bytes = row.getBytes(i);
                out.writeString(bytes == null ? null : Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    /** The session's zone is UTC, and MySQL's TIMESTAMP comes in it. */
    private static Instant utc(ResultSet row, int i) throws SQLException {
        if (isMysql(row.getMetaData())) {
            LocalDateTime time = row.getObject(i, LocalDateTime.class);
            return time == null ? null : time.toInstant(ZoneOffset.UTC);
        }
        OffsetDateTime time = row.getObject(i, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static void instant(JsonGenerator out, Instant time) throws IOException {
        out.writeString(time == null ? null : time.toString());
    }

    /** Digits as they are, without the zeros of ZEROFILL. */
    private static void number(JsonGenerator out, String digits) throws IOException {
        if (digits == null) {
            out.writeNull();
        } else {
            out.writeNumber(digits.startsWith("0") ? new BigInteger(digits).toString() : digits);
        }
    }

    private static void decimal(JsonGenerator out, ResultSet row, int i) throws SQLException, IOException {
        String text = row.getString(i);
        if (text == null || text.equalsIgnoreCase("NaN") || text.endsWith("Infinity")) {
            out.writeString(text);
        } else {
            out.writeNumber(new BigDecimal(text).toPlainString());
        }
    }

    private void floating(JsonGenerator out, ResultSet row, int i) throws SQLException, IOException {
        boolean single = row.getMetaData().getColumnType(i) == Types.REAL;
        double value = row.getDouble(i);
        if (row.wasNull()) {
            out.writeNull();
        } else if (Double.isNaN(value) || Double.isInfinite(value)) {
            out.writeString(Double.toString(value));
        } else {
            out.writeNumber(single ? Float.toString(row.getFloat(i)) : Double.toString(value));
        }
    }

    /** Gives a value back that {@link #write} wrote. */
    void bind(PreparedStatement statement, int i, String value, ZoneId zone) throws SQLException {
        switch (this) {
            case INTEGER -> {
                BigInteger number = new BigInteger(value);
                if (number.bitLength() < Long.SIZE) {
                    statement.setLong(i, number.longValue());
                } else {
                    statement.setBigDecimal(i, new BigDecimal(number));
                }
            }
            case DECIMAL -> statement.setBigDecimal(i, new BigDecimal(value));
            case WALL_CLOCK -> statement.setString(i, sql(Instant.parse(value), zone));
            case INSTANT -> statement.setString(i, sql(Instant.parse(value), ZoneOffset.UTC));
            default -> statement.setString(i, value);
        }
    }

    /** Gives a watermark back, see {@link RowVersion#mark()}. */
    void bindMark(PreparedStatement statement, int i, long mark, ZoneId zone) throws SQLException {
        if (this == INTEGER) {
            statement.setLong(i, mark);
            return;
        }
        Instant time = Instant.EPOCH.plus(mark, ChronoUnit.MICROS);
        String text = sql(time, this == WALL_CLOCK ? zone : ZoneOffset.UTC);
        statement.setString(i, this == DATE ? text.substring(0, 10) : text);
    }

    private static String sql(Instant time, ZoneId zone) {
        return SQL.format(LocalDateTime.ofInstant(time, zone));
    }
}
