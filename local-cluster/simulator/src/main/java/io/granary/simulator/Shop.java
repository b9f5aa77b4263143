package io.granary.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** What the shop's business consists of. Times are UTC wall clock to the second. */
public final class Shop {
    private Shop() {}

    /** A registered user. */
    public record User(long id, String name, String province, Instant registeredAt) {}

    /** Something for sale. */
    public record Product(long id, String name, String category, BigDecimal price) {}

    /** An order; {@code paidAt} is null unless {@code status} is {@code paid}. */
    public record Order(
            long id,
            long userId,
            long productId,
            int quantity,
            BigDecimal amount,
            String status,
            Instant orderedAt,
            Instant paidAt) {}

    /** A change of an order's status; {@code before} is null when the order is new. */
    public record Change(long orderId, String before, String after, Instant at) {}

    /** What the supplier charges for one piece of a product. */
    public record Cost(long productId, BigDecimal price) {}

    /** What is to be sold of a category in a month. {@code month} is its first day. */
    public record Target(LocalDate month, String category, BigDecimal amount) {}

    /**
     * One simulated day: all users and products, the orders placed on the day as they are at its end, and how they came
     * to be so, in the order of time; the supplier's prices of the day and the plan of its month.
     */
    public record Day(
            List<User> users,
            List<Product> products,
            List<Order> orders,
            List<Change> changes,
            List<Cost> costs,
            List<Target> targets) {
        public Day {
            users = List.copyOf(users);
            products = List.copyOf(products);
            orders = List.copyOf(orders);
            changes = List.copyOf(changes);
            costs = List.copyOf(costs);
            targets = List.copyOf(targets);
        }
    }
}
