package io.granary.demo;

import io.granary.cluster.Component;
import io.granary.cluster.Distribution;
import io.granary.cluster.LocalCluster;
import io.granary.cluster.Progress;
import io.granary.cluster.Status;
import io.granary.simulator.Calendar;
import io.granary.simulator.SimulatedDay;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code granary demo}: the whole warehouse by one command. */
@Command(
        name = "granary demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the local cluster, lets a simulated shop site live one day, builds the warehouse from its logs and",
            "tables, and compares truth, batch and real time. Stays up until Ctrl-C."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  granary demo", "  granary demo --once", "  granary demo --once --visitors 5000 --seconds 60"})
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(names = "--once", description = "Stop after the comparison: exit 0 if all is equal, 1 if not")
    private boolean once;

    @Option(
            names = "--visitors",
            defaultValue = "1200",
            description = "Browsers that come by (default: ${DEFAULT-VALUE})")
    private int visitors;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            description = "How long the site's day takes (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--seed", defaultValue = "1", description = "Another seed, another day (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--day",
            paramLabel = "<yyyy-MM-dd>",
            description = "The day that the site lives (default: the one after its last, of the six before today)."
                    + " Minutes of counters live for 8 days, those of older days are not compared equal")
    private LocalDate chosen;

    public static void main(String[] args) {
        Commands.main(new DemoCommand(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (visitors < 1 || seconds < 0) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--visitors must be at least 1 and --seconds at least 0, not " + visitors + " and " + seconds);
        }
        Home home = common.home();
        Path project = common.project();
        Distribution distribution = new Distribution(CommonOptions.distribution());
        LocalCluster cluster = new LocalCluster(home, distribution, project, Map.of());
        Progress progress = Progress.stderr();
        boolean wasUp = isUp(cluster);
        AtomicBoolean started = new AtomicBoolean();
        try {
            progress.say(
                    wasUp
                            ? "using the cluster that is up in " + home.root()
                            : "starting the local cluster in " + home.root());
            if (!wasUp) {
                cluster.up(Component.all(), progress);
                started.set(true);
                // Not before: a start that is interrupted stops by itself what it has started.
                Thread stop = new Thread(() -> stopCluster(cluster, started, progress), "demo-stop");
                Runtime.getRuntime().addShutdownHook(stop);
            }
            boolean equal;
            try (AutoCloseable watch = cluster.watch(progress::say);
                    DemoDay demo = DemoDay.of(
                            cluster.home(), cluster.profile(), distribution.root(), project, progress::say)) {
                equal = live(cluster, demo, progress);
                if (!once) {
                    progress.say("up until Ctrl-C");
                    new CountDownLatch(1).await();
                }
            }
            return equal ? 0 : 1;
        } finally {
            stopCluster(cluster, started, progress);
        }
    }

    private boolean live(LocalCluster cluster, DemoDay demo, Progress progress) throws InterruptedException {
        Calendar calendar = new Calendar(cluster.home().demo().resolve("calendar"));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate ds = chosen == null ? calendar.take(today) : calendar.take(chosen, today);
        SimulatedDay day = new SimulatedDay(DemoDay.SITE, ds, seed, visitors);
        progress.say("the site lives " + ds + ": " + visitors + " visitors in " + seconds + " s");
        DemoDay.Outcome outcome = demo.run(day, Duration.ofSeconds(seconds));
        System.out.println();
        System.out.println(DemoDay.SITE + " on " + ds);
        System.out.println();
        System.out.println(outcome.table());
        if (!once) {
            System.out.println(whereToLook(cluster, ds));
        }
        System.out.flush();
        return outcome.allEqual();
    }

    private static String whereToLook(LocalCluster cluster, LocalDate ds) {
        return """
                Where to look, from another terminal (granary stands for ./granary, with the same --home)
                  SQL prompt      granary sql
                  the margin      granary sql -e "SELECT * FROM dws.dws_trade_margin_1d WHERE ds = '{ds}'"
                  another target  change {targets}; granary upload trade.target THAT_FILE; granary build --ds {ds}
                  the supplier    curl http://127.0.0.1:{supplier}/prices/{ds}/prices.csv
                  Hive JDBC       {sql}
                  HTTP API        {api}/
                  a counter       curl '{api}/api/v1/counters/traffic.page_view?window=1d&bucket={ds}T00:00:00Z&by.site={site}'
                  a report        curl '{api}/api/v1/reports/traffic.overview?ds={ds}'
                  the workflow    granary workflow show
                  the cluster     granary status; granary logs flume
                  state folder    {home}
                """.replace("{ds}", ds.toString())
                .replace("{targets}", DemoDay.targets(cluster.home(), ds).toString())
                .replace(
                        "{supplier}",
                        Integer.toString(cluster.profile().remote("supplier").port()))
                .replace("{sql}", cluster.profile().sql())
                .replace("{api}", cluster.profile().api())
                .replace("{site}", DemoDay.SITE)
                .replace("{home}", cluster.home().root().toString());
    }

    private static boolean isUp(LocalCluster cluster) {
        return cluster.status().stream().allMatch(s -> s.state() == Status.State.RUNNING);
    }

    /** Stops what this demo started, once, whichever way it ends. */
    private static void stopCluster(LocalCluster cluster, AtomicBoolean started, Progress progress) {
        if (started.compareAndSet(true, false)) {
            cluster.down(progress);
        }
    }
}
