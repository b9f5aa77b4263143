package io.granary.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The pages, products, users and creatives of the site; the same for every day and seed. */
final class Catalog {
    static final List<String> STATIC_FILES = List.of(
            "/static/app.css",
            "/static/app.js",
            "/static/logo.svg",
            "/static/hero.webp",
            "/favicon.ico",
            "/static/font.woff2");
    static final List<String> POSITIONS = List.of("top", "side", "feed");
    static final int CAMPAIGNS = 8;
    static final int CREATIVES = 24;

    private static final List<String> CATEGORIES = List.of("books", "garden", "kitchen", "music", "sport", "toys");
    private static final List<String> PROVINCES =
            List.of("Beijing", "Guangdong", "Hubei", "Jiangsu", "Shanghai", "Sichuan", "Zhejiang");
    private static final List<String> USER_AGENTS = List.of(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Mozilla/5.0 (compatible; \\\"Quoted\\\" Browser/1.0)");

    private final List<Shop.User> users = new ArrayList<>();
    private final List<Shop.Product> products = new ArrayList<>();

    Catalog() {
        Random random = new Random(7);
        Instant opened = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 1; i <= 400; i++) {
            users.add(new Shop.User(
                    i,
                    "user-" + i,
                    PROVINCES.get(random.nextInt(PROVINCES.size())),
                    opened.plusSeconds(random.nextInt(300 * 86_400))));
        }
        for (int i = 1; i <= 120; i++) {
            String category = CATEGORIES.get(i % CATEGORIES.size());
            BigDecimal price = BigDecimal.valueOf(199 + random.nextInt(30_000), 2);
            products.add(new Shop.Product(i, category + " no. " + i, category, price));
        }
    }

    List<Shop.User> users() {
        return users;
    }

    List<Shop.Product> products() {
        return products;
    }

    /** The supplier's prices of a day: some six tenths of what the shop charges, another part each day. */
    List<Shop.Cost> costs(LocalDate ds) {
        return products.stream()
                .map(p -> new Shop.Cost(p.id(), part(p.price(), 55 + (p.id() + ds.getDayOfMonth()) % 10)))
                .toList();
    }

    private static BigDecimal part(BigDecimal price, long percent) {
        return price.multiply(BigDecimal.valueOf(percent)).movePointLeft(2).setScale(2, RoundingMode.HALF_UP);
    }

    /** The plan of the day's month, which the sales team raises a little each day. */
    List<Shop.Target> targets(LocalDate ds) {
        List<Shop.Target> targets = new ArrayList<>();
        for (String category : CATEGORIES) {
            long amount = 20_000 + 2_500L * targets.size() + 10L * ds.getDayOfMonth();
            targets.add(new Shop.Target(ds.withDayOfMonth(1), category, BigDecimal.valueOf(amount * 100, 2)));
        }
        return targets;
    }

    String page(Random random) {
        double kind = random.nextDouble();
        if (kind < 0.25) {
            return "/";
        }
        if (kind < 0.45) {
            return "/category/" + CATEGORIES.get(random.nextInt(CATEGORIES.size()));
        }
        if (kind < 0.55) {
            return "/search?q=" + CATEGORIES.get(random.nextInt(CATEGORIES.size())) + "%20" + random.nextInt(50);
        }
        return "/product/" + (1 + popular(random, products.size())) + ".html";
    }

    String userAgent(Random random) {
        return USER_AGENTS.get(popular(random, USER_AGENTS.size()));
    }

    /** An index below {@code n}; small ones come more often. */
    static int popular(Random random, int n) {
        double r = random.nextDouble();
        return (int) (n * r * r);
    }
}
