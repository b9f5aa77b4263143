package io.granary.simulator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Orders of a day as the shop's program keeps them: a row for each order, changed when it is paid or cancelled, and in
 * the same transaction a row for the change.
 */
public final class LiveOrders implements AutoCloseable {
    private static final String PLACE = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String CHANGE = "UPDATE orders SET status = ?, paid_at = ? WHERE order_id = ?";
    private static final String NOTE =
            "INSERT INTO order_changes (order_id, old_status, new_status, changed_at) VALUES (?, ?, ?, ?)";

    private final ShopDatabase shop;
    private final Connection db;
    private final List<Shop.Change> changes;
    private final Map<Long, Shop.Order> orders;
    private int next;

    LiveOrders(ShopDatabase shop, Connection db, Shop.Day day) throws SQLException {
        this.shop = shop;
        this.db = db;
        this.changes = day.changes();
        this.orders = day.orders().stream().collect(Collectors.toMap(Shop.Order::id, Function.identity()));
        db.setAutoCommit(false);
    }

    /** Writes what has happened up to this time of the day, in one transaction. */
    public void until(Instant time) {
        int from = next;
        try {
            while (next < changes.size() && !changes.get(next).at().isAfter(time)) {
                write(changes.get(next++));
            }
            if (next > from) {
                db.commit();
            }
        } catch (SQLException e) {
            throw shop.fault(e);
        }
    }

    /** Writes the rest of the day. */
    public void finish() {
        until(Instant.MAX);
    }

    private void write(Shop.Change change) throws SQLException {
        Shop.Order order = orders.get(change.orderId());
        if (change.before() == null) {
            place(order, change.after());
        } else {
            change(order, change);
        }
        try (PreparedStatement note = db.prepareStatement(NOTE)) {
            note.setLong(1, change.orderId());
            note.setString(2, change.before());
            note.setString(3, change.after());
            note.setObject(4, ShopDatabase.wallClock(change.at()));
            note.executeUpdate();
        }
    }

    private void place(Shop.Order order, String status) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement(PLACE)) {
            insert.setLong(1, order.id());
            insert.setLong(2, order.userId());
            insert.setLong(3, order.productId());
            insert.setInt(4, order.quantity());
            insert.setBigDecimal(5, order.amount());
            insert.setString(6, status);
            insert.setObject(7, ShopDatabase.wallClock(order.orderedAt()));
            insert.setNull(8, Types.TIMESTAMP);
            insert.executeUpdate();
        }
    }

    private void change(Shop.Order order, Shop.Change change) throws SQLException {
        try (PreparedStatement update = db.prepareStatement(CHANGE)) {
            update.setString(1, change.after());
            update.setObject(2, order.paidAt() == null ? null : ShopDatabase.wallClock(order.paidAt()));
            update.setLong(3, order.id());
            update.executeUpdate();
        }
    }

    @Override
    public void close() {
        try {
            db.close();
        } catch (SQLException e) {
            throw shop.fault(e);
        }
    }
}
