package io.granary.bench;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same chain in DuckDB, in this process, on Parquet files of this machine: what no cluster has to pay for. */
final class DuckChain implements AutoCloseable {
    private final Connection connection;
    private final List<String> statements;

    /** @param folder holds {@code ods}, the rows as Parquet; the tables are written beside it */
    DuckChain(Path folder) {
        Map<String, Object> files = new LinkedHashMap<>();
        files.put("ods", folder.resolve("ods/*.parquet"));
        List.of("dwd", "dws", "ads").forEach(layer -> files.put(layer, folder.resolve(layer + ".parquet")));
        statements = List.of(Resource.text("duckdb.sql", files).strip().split(";\\s*"));
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            execute("SET threads = 2");
            execute("SET TimeZone = 'UTC'");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Seconds of the whole chain. */
    double run() {
        long from = System.nanoTime();
        try {
            for (String sql : statements) {
                execute(sql);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return (System.nanoTime() - from) / 1e9;
    }

    /** The only row of a query, by column. */
    Map<String, Object> row(String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            Map<String, Object> row = new LinkedHashMap<>();
            rows.next();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.put(rows.getMetaData().getColumnLabel(i), rows.getObject(i));
            }
            return row;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static GranaryException failed(SQLException e) {
        return new GranaryException(ErrorCode.EXTERNAL, "DuckDB failed: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
