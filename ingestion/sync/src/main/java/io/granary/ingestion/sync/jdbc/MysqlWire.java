package io.granary.ingestion.sync.jdbc;

import java.sql.SQLException;
import java.util.Calendar;
import org.mariadb.jdbc.client.ColumnDecoder;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.MutableInt;
import org.mariadb.jdbc.plugin.Codec;

/**
 * Lets MariaDB's driver hand over a value's bytes as they lie in its buffer. The driver finds it as a service and makes one
 * for each connection, so one value at a time is enough. Read-only, for results of plain statements (the text protocol).
 */
public final class MysqlWire implements Codec<WireText> {
    private final WireText value = new WireText();

    @Override
    public String className() {
        return WireText.class.getName();
    }

    @Override
    public boolean canDecode(ColumnDecoder column, Class<?> type) {
        return type == WireText.class;
    }

    @Override
    public WireText decodeText(
            ReadableByteBuf buffer, MutableInt length, ColumnDecoder column, Calendar calendar, Context context) {
        int at = buffer.pos();
        buffer.skip(length.get());
        return value.set(buffer.buf(), at, length.get());
    }

    @Override
    public WireText decodeBinary(
            ReadableByteBuf buffer, MutableInt length, ColumnDecoder column, Calendar calendar, Context context) {
        throw new UnsupportedOperationException("rows of a prepared statement are not read as text");
    }

    @Override
    public boolean canEncode(Object value) {
        return false;
    }

    @Override
    public void encodeText(Writer encoder, Context context, Object value, Calendar calendar, Long length)
            throws SQLException {
        throw new SQLException("a WireText is not written");
    }

    @Override
    public void encodeBinary(Writer encoder, Context context, Object value, Calendar calendar, Long length)
            throws SQLException {
        throw new SQLException("a WireText is not written");
    }

    @Override
    public int getApproximateTextProtocolLength(Object value, Long length) {
        return -1;
    }

    @Override
    public int getBinaryEncodeType() {
        return 0;
    }
}
