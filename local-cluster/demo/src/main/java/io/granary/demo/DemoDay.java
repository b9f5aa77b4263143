package io.granary.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.simulator.LiveSite;
import io.granary.simulator.ShopDatabase;
import io.granary.simulator.SimulatedDay;
import io.granary.simulator.Truth;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One simulated day through the whole warehouse: the site lives, Flume and the streaming job follow, the daily workflow
 * builds the tables, and every number is compared with the truth. Needs a running cluster; uses nothing of it that a
 * user could not.
 */
public final class DemoDay {
    /** Name of the simulated site. */
    public static final String SITE = "demo-shop";

    private static final List<String> SOURCES = List.of("traffic.access_log", "ads.ad_event");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Home home;
    private final Launcher launcher;
    private final RealTime realTime;
    private final Profile profile;
    private final Consumer<String> progress;

    DemoDay(Home home, Profile profile, Launcher launcher, Consumer<String> progress) {
        this.home = home;
        this.profile = profile;
        this.launcher = launcher;
        this.realTime = new RealTime(profile.api(), SITE);
        this.progress = progress;
    }

    /** A day for tests and tools that do not have a command line of their own. */
    public static DemoDay of(Home home, Profile profile, Path distribution, Path project, Consumer<String> progress) {
        return new DemoDay(home, profile, new Launcher(distribution, home, project), progress);
    }

    /**
     * Lets the site live, builds the day and compares.
     *
     * @param duration how long the site's day takes
     * @return the comparison as people see it, and whether all is equal
     */
    public Outcome run(SimulatedDay day, Duration duration) throws InterruptedException {
        progress.accept("shop database: users, products and the orders of " + day.ds());
        new ShopDatabase(profile.connection("shop")).add(day.shop());
        Path logs = home.demo().resolve("logs");
        Ticker ticker = new Ticker(progress);
        Truth truth = new LiveSite(day, logs, duration)
                .run(p -> ticker.tick(() ->
                        "site: %,d of %,d log lines written, %s on the site's clock; real time has counted %,d page views"
                                .formatted(
                                        p.written(),
                                        p.total(),
                                        p.siteTime().toString().substring(11, 16),
                                        pageViewsSoFar(day))));
        truth.write(home.demo().resolve(day.ds().toString()).resolve("truth.json"));
        awaitCollected(logs);
        progress.accept("daily workflow for " + day.ds());
        if (launcher.run("workflow", "run", "--ds", day.ds().toString()) != 0) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "the daily workflow failed, see above and " + home.workflowResults());
        }
        awaitRealTime(truth);
        progress.accept("comparing truth, batch, reports and real time");
        Comparison comparison = compare(truth);
        return new Outcome(comparison.allEqual(), comparison.render());
    }

    /** The end of a demo day. */
    public record Outcome(boolean allEqual, String table) {}

    /** For people to watch only: an API that is just being restarted is no reason to stop the site. */
    private long pageViewsSoFar(SimulatedDay day) {
        try {
            return realTime.day("traffic.page_view", "page_views", day.ds());
        } catch (GranaryException e) {
            return 0;
        }
    }

    private void awaitCollected(Path logs) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        long behind = new Collected(home).behind(logs, SOURCES);
        Ticker ticker = new Ticker(progress);
        while (behind > 0) {
            long left = behind;
            ticker.tick(() -> "Flume has %,d bytes left to read".formatted(left));
            if (Instant.now().isAfter(deadline)) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "the Flume agent did not read the last " + behind + " bytes of the site's logs in "
                                + PATIENCE.toSeconds() + " s. Look at `granary status` and `granary logs flume`.");
            }
            Thread.sleep(200);
            behind = new Collected(home).behind(logs, SOURCES);
        }
        progress.accept("Flume has read every line");
    }

    /** The streaming job trails the log by seconds: it gets them, then the comparison is what counts. */
    private void awaitRealTime(Truth truth) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)
                && (realTime.day("traffic.page_view", "page_views", truth.ds()) < truth.pageViews()
                        || realTime.day("ads.impression", "impressions", truth.ds()) < truth.impressions()
                        || realTime.day("ads.click", "clicks", truth.ds()) < truth.clicks())) {
            Thread.sleep(500);
        }
    }

    private Comparison compare(Truth t) {
        Batch batch = Batch.read(launcher, SITE, t.ds());
        JsonNode traffic = realTime.report("traffic.overview", t.ds());
        JsonNode ads = realTime.report("ads.effect", t.ds());
        JsonNode trade = realTime.report("trade.overview", t.ds());
        Comparison c = new Comparison();
        c.add("requests", t.hits(), batch.number("hits"), sum(traffic, "hits"), null);
        c.add("bytes", t.bytes(), batch.number("bytes"), sum(traffic, "bytes"), null);
        c.add("broken lines, quarantined", t.brokenLines(), batch.number("broken_lines"), null, null);
        c.add(
                "page views",
                t.pageViews(),
                batch.number("page_views"),
                sum(traffic, "page_views"),
                realTime.day("traffic.page_view", "page_views", t.ds()));
        c.add(
                "visitors",
                t.visitors(),
                batch.number("visitors"),
                sum(traffic, "visitors"),
                realTime.day("traffic.page_view", "visitors", t.ds()));
        c.add(
                "ad impressions",
                t.impressions(),
                batch.number("impressions"),
                sum(ads, "impressions"),
                realTime.day("ads.impression", "impressions", t.ds()));
        c.add(
                "ad clicks",
                t.clicks(),
                batch.number("clicks"),
                sum(ads, "clicks"),
                realTime.day("ads.click", "clicks", t.ds()));
        c.add("orders", t.orders(), batch.number("orders"), sum(trade, "orders"), null);
        c.add("paid amount", t.paidAmount(), batch.number("paid_amount"), sum(trade, "paid_amount"), null);
        byMinute(c, t, "page views", "page_views", "traffic.page_view", t.pageViewsByMinute(), batch);
        byMinute(c, t, "visitors", "visitors", "traffic.page_view", t.visitorsByMinute(), batch);
        byMinute(c, t, "ad impressions", "impressions", "ads.impression", t.impressionsByMinute(), batch);
        byMinute(c, t, "ad clicks", "clicks", "ads.click", t.clicksByMinute(), batch);
        return c;
    }

    private void byMinute(
            Comparison c, Truth t, String name, String measure, String counter, Map<Instant, Long> truth, Batch batch) {
        c.add(
                name + ", minutes equal",
                truth.size(),
                equalMinutes(truth, batch.minutes(measure)),
                null,
                equalMinutes(truth, realTime.minutes(counter, measure, t.ds())));
    }

    /** How many of the truth's minutes are the same; minutes that should be empty count against it. */
    private static long equalMinutes(Map<Instant, Long> truth, Map<Instant, Long> found) {
        long equal = truth.entrySet().stream()
                .filter(e -> e.getValue().equals(found.get(e.getKey())))
                .count();
        long extra = found.keySet().stream().filter(m -> !truth.containsKey(m)).count();
        return equal - extra;
    }

    private static BigDecimal sum(JsonNode rows, String column) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode row : rows) {
            sum = sum.add(new BigDecimal(row.path(column).asText()));
        }
        return sum;
    }
}
