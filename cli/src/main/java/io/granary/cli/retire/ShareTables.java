package io.granary.cli.retire;

import io.granary.cli.retire.Holdings.ShareTable;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32;

/** The tables of exports in the databases of the sharing layer. Every call may be repeated. */
final class ShareTables implements AutoCloseable {
    private static final String PREFIX = "granary_retired__";
    private static final int LONGEST_NAME = 64;
    /** When each day of each export was written (docs/contracts.md, section 10). */
    private static final String EXPORTS = "granary_exports";

    private final Map<String, java.sql.Connection> databases = new LinkedHashMap<>();

    private ShareTables() {}

    /** Opens the databases of these tables. */
    static ShareTables open(Profile profile, List<ShareTable> tables) {
        ShareTables share = new ShareTables();
        try {
            tables.stream().map(ShareTable::connection).distinct().forEach(name -> share.connect(profile, name));
            return share;
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private void connect(Profile profile, String name) {
        Connection address = profile.connection(name);
        Properties properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("connectTimeout", "10000");
        try {
            databases.put(name, DriverManager.getConnection(address.jdbcUrl(), properties));
        } catch (SQLException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot open connection " + address + ": " + e.getMessage() + ". See `granary status`.",
                    e);
        }
    }

    /** The name a table has in quarantine; a long one is cut and told from others by a checksum. */
    static String quarantined(String table) {
        String name = PREFIX + table;
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        CRC32 crc = new CRC32();
        crc.update(table.getBytes(StandardCharsets.UTF_8));
        String mark = String.format("_%08x", crc.getValue());
        return name.substring(0, LONGEST_NAME - mark.length()) + mark;
    }

    /**
     * That a step can be taken.
     *
     * @throws GranaryException when both names of a table are taken
     */
    void refuseConflict(ShareTable table) {
        SortedSet<String> names = names(table.connection());
        if (names.contains(table.from()) && names.contains(table.to())) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "connection " + table.connection() + " has both a table " + table.from() + " and " + table.to()
                            + ", which is in quarantine. Nothing was changed. Drop or rename one of them by hand.");
        }
    }

    /** Whether it was there to be renamed. */
    boolean quarantine(ShareTable table) {
        return rename(table.connection(), table.from(), table.to());
    }

    /** Whether it was there to be renamed. */
    boolean restore(ShareTable table) {
        return rename(table.connection(), table.to(), table.from());
    }

    private boolean rename(String connection, String from, String to) {
        if (!names(connection).contains(from)) {
            return false;
        }
        execute(connection, "RENAME TABLE " + quoted(from) + " TO " + quoted(to));
        return true;
    }

    /** For good, with what was noted about its days; a table that has the old name is left. */
    void drop(ShareTable table) {
        execute(table.connection(), "DROP TABLE IF EXISTS " + quoted(table.to()));
        if (!names(table.connection()).contains(EXPORTS)) {
            return;
        }
        try (PreparedStatement delete = database(table.connection())
                .prepareStatement("DELETE FROM " + quoted(EXPORTS) + " WHERE `export` = ?")) {
            delete.setString(1, table.export());
            delete.executeUpdate();
        } catch (SQLException e) {
            throw failed(table.connection(), e);
        }
    }

    /** Tables of the connections, as {@code <connection>.<table>}, but those of the subject under either name. */
    SortedSet<String> others(List<ShareTable> own) {
        SortedSet<String> others = new TreeSet<>();
        for (String connection : databases.keySet()) {
            names(connection).forEach(name -> others.add(connection + "." + name));
        }
        own.forEach(table -> {
            others.remove(table.connection() + "." + table.from());
            others.remove(table.connection() + "." + table.to());
        });
        return others;
    }

    private SortedSet<String> names(String connection) {
        SortedSet<String> names = new TreeSet<>();
        try (Statement statement = database(connection).createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw failed(connection, e);
        }
    }

    private void execute(String connection, String sql) {
        try (Statement statement = database(connection).createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(connection, e);
        }
    }

    private java.sql.Connection database(String connection) {
        return databases.get(connection);
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static GranaryException failed(String connection, SQLException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "connection " + connection + ": " + e.getMessage() + ". Call the same command again when it answers.",
                e);
    }

    @Override
    public void close() {
        for (java.sql.Connection database : databases.values()) {
            try {
                database.close();
            } catch (SQLException e) {
                // nothing is lost: every statement was committed by itself
            }
        }
    }
}
