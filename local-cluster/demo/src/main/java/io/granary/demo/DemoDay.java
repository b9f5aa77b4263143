package io.granary.demo;

import io.granary.simulator.LiveOrders;
import io.granary.simulator.LiveSite;
import io.granary.simulator.SalesTeam;
import io.granary.simulator.Shop;
import io.granary.simulator.ShopDatabase;
import io.granary.simulator.SimulatedDay;
import io.granary.simulator.Supplier;
import io.granary.simulator.Truth;
import io.granary.warehouse.command.VerbProgram;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * One simulated day through the whole warehouse: the site lives, Flume and the streaming job follow, the daily workflow
 * builds the tables, and every number is compared with the truth. Needs a running cluster; uses nothing of it that a
 * user could not.
 */
public final class DemoDay implements AutoCloseable {
    /** Name of the simulated site. */
    public static final String SITE = "demo-shop";

    private static final List<String> SOURCES = List.of("traffic.access_log", "ads.ad_event");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Home home;
    private final Launcher launcher;
    private final RealTime realTime;
    private final ShopDatabase shop;
    private final Supplier supplier;
    private final Consumer<String> progress;

    private DemoDay(Home home, Profile profile, Launcher launcher, Consumer<String> progress) {
        this.home = home;
        this.shop = new ShopDatabase(profile.connection("shop"));
        this.supplier = Supplier.open(
                home.demo().resolve("supplier"), profile.remote("supplier").port());
        this.launcher = launcher;
        this.realTime = new RealTime(profile.api(), SITE);
        this.progress = progress;
    }

    /** Opens the shop's supplier, who is there until this is closed. */
    public static DemoDay of(Home home, Profile profile, Path distribution, Path project, Consumer<String> progress) {
        // the comparison is with production
        VerbProgram granary = new VerbProgram(
                distribution.resolve("bin/granary"),
                List.of("--home", home.root().toString(), "--project", project.toString()));
        return new DemoDay(home, profile, new Launcher(granary), progress);
    }

    /**
     * Lets the site live, builds the day and compares.
     *
     * @param duration how long the site's day takes
     * @return the comparison as people see it, and whether all is equal
     */
    public Outcome run(SimulatedDay day, Duration duration) throws InterruptedException {
        Shop.Day business = day.shop();
        progress.accept("shop: users and products are in MariaDB, the supplier has a price list");
        shop.open(business);
        supplier.offer(day.ds(), business.costs());
        CompletableFuture<Void> uploaded = CompletableFuture.runAsync(() -> upload(day.ds(), business));
        Truth truth = live(day, business, duration);
        truth.write(home.demo().resolve(day.ds().toString()).resolve("truth.json"));
        awaitCollected(home.demo().resolve("logs"));
        awaitUploaded(uploaded);
        progress.accept("daily workflow for " + day.ds());
        if (launcher.run("workflow", "run", "--ds", day.ds().toString()) != 0) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "the daily workflow failed, see above and " + home.workflowResults());
        }
        awaitRealTime(truth);
        progress.accept("comparing truth, batch, reports and real time");
        Comparison comparison = new DayComparison(Batch.read(launcher, SITE, truth.ds()), realTime).of(truth);
        return new Outcome(comparison.allEqual(), comparison.render());
    }

    /** The end of a demo day. */
    public record Outcome(boolean allEqual, String table) {}

    @Override
    public void close() {
        supplier.close();
    }

    /** Logs are written, and orders placed and paid, at the pace of the site's clock. */
    private Truth live(SimulatedDay day, Shop.Day business, Duration duration) throws InterruptedException {
        Path logs = home.demo().resolve("logs");
        Ticker ticker = new Ticker(progress);
        try (LiveOrders orders = shop.live(business)) {
            Truth truth = new LiveSite(day, logs, duration).run(p -> {
                orders.until(p.siteTime());
                ticker.tick(() ->
                        "site: %,d of %,d log lines written, %s on the site's clock; real time has counted %,d page views"
                                .formatted(
                                        p.written(),
                                        p.total(),
                                        p.siteTime().toString().substring(11, 16),
                                        pageViewsSoFar(day)));
            });
            orders.finish();
            return truth;
        }
    }

    /** Where the sales team saves its plan. */
    static Path targets(Home home, LocalDate ds) {
        return home.demo().resolve("targets-" + ds + ".csv");
    }

    /** The sales team uploads its plan while the site lives. */
    private void upload(LocalDate ds, Shop.Day business) {
        Path file = targets(home, ds);
        SalesTeam.save(file, business.targets());
        progress.accept("sales team: granary upload trade.target " + file);
        Launcher.Said said = launcher.quietly("upload", "trade.target", file.toString());
        said.messages().lines().findFirst().ifPresent(progress);
    }

    private static void awaitUploaded(CompletableFuture<Void> uploaded) {
        try {
            uploaded.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof GranaryException cause ? cause : e;
        }
    }

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
        awaitChanges(deadline);
        progress.accept("Flume has read every line and every change of an order");
    }

    private void awaitChanges(Instant deadline) throws InterruptedException {
        long changes = shop.changes();
        while (new Collected(home).changes() < changes) {
            if (Instant.now().isAfter(deadline)) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "the Flume agent has read " + new Collected(home).changes() + " of the " + changes
                                + " rows of order_changes in " + PATIENCE.toSeconds()
                                + " s. Look at `granary status` and `granary logs flume`.");
            }
            Thread.sleep(200);
        }
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
}
