package io.granary.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** What the business database holds. Times are UTC wall clock to the second. */
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

    /** The rows of one simulated day: all users and products, the day's orders. */
    public record Day(List<User> users, List<Product> products, List<Order> orders) {
        public Day {
            users = List.copyOf(users);
            products = List.copyOf(products);
            orders = List.copyOf(orders);
        }
    }
}
