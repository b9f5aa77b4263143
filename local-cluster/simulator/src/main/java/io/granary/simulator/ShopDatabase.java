package io.granary.simulator;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** The shop's business database; times are stored as UTC wall clock. */
public final class ShopDatabase {
    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS users (user_id BIGINT PRIMARY KEY, user_name VARCHAR(64) NOT NULL,"
                    + " province VARCHAR(32), registered_at DATETIME NOT NULL)",
            "CREATE TABLE IF NOT EXISTS products (product_id BIGINT PRIMARY KEY, product_name VARCHAR(128) NOT NULL,"
                    + " category VARCHAR(32) NOT NULL, price DECIMAL(12,2) NOT NULL)",
            "CREATE TABLE IF NOT EXISTS orders (order_id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL,"
                    + " product_id BIGINT NOT NULL, quantity INT NOT NULL, amount DECIMAL(12,2) NOT NULL,"
                    + " status VARCHAR(16) NOT NULL, ordered_at DATETIME NOT NULL, paid_at DATETIME NULL)",
            "CREATE TABLE IF NOT EXISTS order_changes (change_id BIGINT AUTO_INCREMENT PRIMARY KEY,"
                    + " order_id BIGINT NOT NULL, old_status VARCHAR(16), new_status VARCHAR(16) NOT NULL,"
                    + " changed_at DATETIME NOT NULL)");

    private final Connection connection;

    public ShopDatabase(Connection connection) {
        this.connection = connection;
    }

    /** Makes the tables, and adds users and products; those that are there already stay as they are. */
    public void open(Shop.Day day) {
        try (java.sql.Connection db = connect()) {
            try (Statement statement = db.createStatement()) {
                for (String table : TABLES) {
                    statement.execute(table);
                }
            }
            db.setAutoCommit(false);
            users(db, day.users());
            products(db, day.products());
            db.commit();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** The day's orders, to be placed, paid and cancelled while the day goes on. */
    public LiveOrders live(Shop.Day day) {
        try {
            return new LiveOrders(this, connect(), day);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** How many changes of orders there are, of all days. */
    public long changes() {
        try (java.sql.Connection db = connect();
                Statement statement = db.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM order_changes")) {
            count.next();
            return count.getLong(1);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    private java.sql.Connection connect() throws SQLException {
        return DriverManager.getConnection(
                connection.jdbcUrl() + "?rewriteBatchedStatements=true", connection.user(), connection.password());
    }

    GranaryException fault(SQLException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL, "the shop's database " + connection + " fails: " + e.getMessage(), e);
    }

    private static void users(java.sql.Connection db, List<Shop.User> users) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("INSERT IGNORE INTO users VALUES (?, ?, ?, ?)")) {
            for (Shop.User user : users) {
                insert.setLong(1, user.id());
                insert.setString(2, user.name());
                insert.setString(3, user.province());
                insert.setObject(4, wallClock(user.registeredAt()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void products(java.sql.Connection db, List<Shop.Product> products) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("INSERT IGNORE INTO products VALUES (?, ?, ?, ?)")) {
            for (Shop.Product product : products) {
                insert.setLong(1, product.id());
                insert.setString(2, product.name());
                insert.setString(3, product.category());
                insert.setBigDecimal(4, product.price());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static LocalDateTime wallClock(Instant at) {
        return LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    }
}
