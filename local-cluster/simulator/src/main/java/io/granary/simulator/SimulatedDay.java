package io.granary.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * One day of a site, the same for the same date and seed: what the web server, the ad server and the shop would have
 * written, in the order of time.
 */
public final class SimulatedDay {
    private static final int SECONDS = 86_400;
    private static final int BOTS = 12;
    private static final int BROKEN_LINES = 3;

    private final String site;
    private final LocalDate ds;
    private final long seed;
    private final Random random;
    private final Catalog catalog = new Catalog();
    private final List<SiteEvent> events = new ArrayList<>();
    private final List<Shop.Order> orders = new ArrayList<>();
    private final List<Shop.Change> changes = new ArrayList<>();
    private int adEvents;

    /**
     * @param visitors how many browsers come by; each sends about 14 requests
     */
    public SimulatedDay(String site, LocalDate ds, long seed, int visitors) {
        this.site = site;
        this.ds = ds;
        this.seed = seed;
        this.random = new Random(seed * 1_000_003 + ds.toEpochDay());
        for (int i = 0; i < visitors; i++) {
            visit(visitor(i));
        }
        for (int i = 0; i < BOTS; i++) {
            crawl(i);
        }
        for (int i = 0; i < BROKEN_LINES; i++) {
            events.add(new SiteEvent.BrokenLine(
                    second(random.nextInt(SECONDS)), "203.0.113." + i + " - - [broken \"GET /cut-short"));
        }
        events.sort(Comparator.comparing(SiteEvent::at));
        changes.sort(Comparator.comparing(Shop.Change::at));
    }

    public String site() {
        return site;
    }

    public LocalDate ds() {
        return ds;
    }

    public long seed() {
        return seed;
    }

    List<SiteEvent> events() {
        return events;
    }

    /** The shop's business of this day. */
    public Shop.Day shop() {
        return new Shop.Day(
                catalog.users(), catalog.products(), orders, changes, catalog.costs(ds), catalog.targets(ds));
    }

    private Visitor visitor(int number) {
        String ip = "198.51." + (random.nextInt(60)) + "." + (1 + random.nextInt(250));
        Long user = random.nextDouble() < 0.4
                ? catalog.users().get(random.nextInt(catalog.users().size())).id()
                : null;
        return new Visitor(ip, catalog.userAgent(random), "v-" + ds.toEpochDay() + "-" + number, user);
    }

    private void visit(Visitor visitor) {
        int visits = 1 + (random.nextDouble() < 0.2 ? 1 : 0);
        for (int v = 0; v < visits; v++) {
            int at = (int) (SECONDS * Math.min(0.999, Math.max(0, 0.58 + 0.2 * random.nextGaussian())));
            String referrer = random.nextDouble() < 0.5 ? "https://search.example/?q=demo" : null;
            int pages = 1 + Catalog.popular(random, 9);
            for (int p = 0; p < pages && at < SECONDS; p++) {
                referrer = page(visitor, at, referrer);
                at += 5 + random.nextInt(90);
            }
            if (visitor.userId() != null && random.nextDouble() < 0.25 && at < SECONDS) {
                order(visitor, at);
            }
        }
    }

    private String page(Visitor visitor, int at, String referrer) {
        String url = catalog.page(random);
        double luck = random.nextDouble();
        int status = luck < 0.05 ? 404 : luck < 0.07 ? 500 : luck < 0.2 ? 304 : 200;
        boolean isPageView = status == 200 || status == 304;
        request(visitor, at, "GET", url, status, referrer, isPageView);
        if (!isPageView) {
            return url;
        }
        for (String file : Catalog.STATIC_FILES) {
            if (random.nextDouble() < 0.3) {
                request(visitor, at, "GET", file, random.nextDouble() < 0.5 ? 304 : 200, url, false);
            }
        }
        if (random.nextDouble() < 0.1) {
            request(visitor, at, "POST", "/api/cart", 200, url, false);
        }
        advertise(visitor, at);
        return url;
    }

    private void request(
            Visitor visitor, int at, String method, String url, int status, String referrer, boolean isPageView) {
        long bytes = status == 304 ? 0 : 200 + random.nextInt(40_000);
        events.add(new SiteEvent.Request(second(at), visitor, method, url, status, bytes, referrer, isPageView));
    }

    private void advertise(Visitor visitor, int at) {
        int shown = random.nextInt(3);
        for (int i = 0; i < shown; i++) {
            int creative = 1 + Catalog.popular(random, Catalog.CREATIVES);
            int campaign = 1 + creative % Catalog.CAMPAIGNS;
            String position = Catalog.POSITIONS.get(random.nextInt(Catalog.POSITIONS.size()));
            Instant when = second(at).plusMillis(random.nextInt(900));
            ad(when, visitor, "impression", campaign, creative, position);
            if (random.nextDouble() < 0.04 && at + 30 < SECONDS) {
                ad(when.plusMillis(800 + random.nextInt(20_000)), visitor, "click", campaign, creative, position);
            }
        }
    }

    private void ad(Instant at, Visitor visitor, String type, int campaign, int creative, String position) {
        String id = "ad-" + ds.toEpochDay() + "-" + adEvents++;
        events.add(new SiteEvent.AdEvent(at, visitor, id, type, campaign, creative, position));
    }

    private void order(Visitor visitor, int at) {
        Shop.Product product = catalog.products()
                .get(Catalog.popular(random, catalog.products().size()));
        int quantity = 1 + random.nextInt(3);
        double luck = random.nextDouble();
        String status = luck < 0.75 ? "paid" : luck < 0.9 ? "placed" : "cancelled";
        Instant ordered = second(at);
        Instant paid = status.equals("paid") && at + 60 < SECONDS ? ordered.plusSeconds(20) : null;
        long id = ds.toEpochDay() * 100_000 + orders.size();
        changes.add(new Shop.Change(id, null, "placed", ordered));
        if (paid != null) {
            changes.add(new Shop.Change(id, "placed", "paid", paid));
        } else if (status.equals("cancelled")) {
            changes.add(new Shop.Change(id, "placed", "cancelled", second(Math.min(at + 300, SECONDS - 1))));
        }
        orders.add(new Shop.Order(
                id,
                visitor.userId(),
                product.id(),
                quantity,
                product.price().multiply(BigDecimal.valueOf(quantity)),
                paid == null && status.equals("paid") ? "placed" : status,
                ordered,
                paid));
    }

    private void crawl(int number) {
        Visitor bot = new Visitor(
                "192.0.2." + (10 + number), "ExampleBot/2.1 (+https://bot.example/)", "bot-" + number, null);
        for (int i = 0; i < 20; i++) {
            int at = random.nextInt(SECONDS);
            request(bot, at, "GET", i % 4 == 0 ? "/robots.txt" : "/sitemap.xml", 200, null, false);
        }
    }

    private Instant second(int ofDay) {
        return ds.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(ofDay);
    }
}
