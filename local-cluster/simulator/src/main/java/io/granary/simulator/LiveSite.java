package io.granary.simulator;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a simulated day as live servers would: a few lines at a time into {@code access.log} and {@code ad.log},
 * rotated by rename, the day squeezed into a short time.
 */
public final class LiveSite {
    private static final Duration TICK = Duration.ofMillis(50);

    private final SimulatedDay day;
    private final Path logs;
    private final Duration duration;

    /** How far the day is. */
    public record Progress(int written, int total, java.time.Instant siteTime) {}

    /**
     * @param logs folder of the log files
     * @param duration how long the writing of the day takes; zero writes as fast as it can
     */
    public LiveSite(SimulatedDay day, Path logs, Duration duration) {
        this.day = day;
        this.logs = logs;
        this.duration = duration;
    }

    /**
     * Writes the whole day and returns what a correct warehouse must show for it.
     *
     * @param progress called about twenty times a second
     */
    public Truth run(Consumer<Progress> progress) throws InterruptedException {
        TruthCounter counter = new TruthCounter(day);
        List<SiteEvent> events = day.events();
        int ticks = (int) Math.max(2, duration.toMillis() / TICK.toMillis());
        try (LogFile access = new LogFile(logs.resolve("access.log"));
                LogFile ads = new LogFile(logs.resolve("ad.log"))) {
            int from = 0;
            for (int tick = 1; tick <= ticks; tick++) {
                int to = (int) ((long) events.size() * tick / ticks);
                write(events.subList(from, to), access, ads, counter);
                from = to;
                if (tick == ticks / 2) {
                    access.rotate(day.ds() + ".1");
                    ads.rotate(day.ds() + ".1");
                }
                if (to > 0) {
                    progress.accept(
                            new Progress(to, events.size(), events.get(to - 1).at()));
                }
                if (!duration.isZero()) {
                    Thread.sleep(TICK.toMillis());
                }
            }
            access.rotate(day.ds() + ".2");
            ads.rotate(day.ds() + ".2");
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write the site's logs in " + logs + ": " + e, e);
        }
        return counter.truth();
    }

    private void write(List<SiteEvent> events, LogFile access, LogFile ads, TruthCounter counter) throws IOException {
        StringBuilder accessLines = new StringBuilder();
        StringBuilder adLines = new StringBuilder();
        for (SiteEvent event : events) {
            counter.count(event);
            if (event instanceof SiteEvent.Request request) {
                accessLines.append(LogLine.combined(request)).append('\n');
            } else if (event instanceof SiteEvent.AdEvent ad) {
                adLines.append(LogLine.json(day.site(), ad)).append('\n');
            } else if (event instanceof SiteEvent.BrokenLine broken) {
                accessLines.append(broken.text()).append('\n');
            }
        }
        access.write(accessLines.toString());
        ads.write(adLines.toString());
    }
}
