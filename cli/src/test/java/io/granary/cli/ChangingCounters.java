package io.granary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cluster.Component;
import io.granary.cluster.LocalCluster;
import io.granary.cluster.Progress;
import io.granary.tablestore.HadoopSettings;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FileSystem;
import redis.clients.jedis.RedisClient;

/** What becomes of the counters in Redis when a project changes and the streaming job is killed: steps of {@link EndToEndIT}. */
final class ChangingCounters implements AutoCloseable {
    private static final String LOG = "traffic.access_log";
    private static final String REMOVED = "ads.ad_event";
    private static final long PATIENCE = 120_000;
    /** Rebuilds that are killed at a random point, beside the one of the normal run. */
    private static final int KILLS = Integer.getInteger("granary.faults.rebuild_kills", 0);

    private final ChangedSubjects subjects;
    private final LocalCluster cluster;
    private RedisClient redis;
    private final LocalDate day;
    private Map<String, String> pageViews;
    private Map<String, String> ads;

    ChangingCounters(Path project, LocalCluster cluster, LocalDate day) {
        this.subjects = new ChangedSubjects(project);
        this.cluster = cluster;
        this.redis = connect();
        this.day = day;
    }

    private RedisClient connect() {
        return RedisClient.create(URI.create(cluster.profile().redis()));
    }

    /** Connections to a Redis that was stopped are of no use. */
    private void connectAgain() {
        redis.close();
        redis = connect();
    }

    /** Traffic gets two counters; the ad log loses all that it has, and so its query. */
    void addAndRemove() throws IOException {
        pageViews = numbers("traffic.page_view");
        ads = numbers("ads.");
        assertThat(pageViews).isNotEmpty();
        assertThat(ads).isNotEmpty();
        subjects.addAndRemove();
    }

    /** @param pageViewsByHour of the day, as the batch table has them */
    void areAddedAndRemoved(List<String> pageViewsByHour) throws IOException, InterruptedException {
        connectAgain();
        await("the past of the new counter", () -> state().equals("ok"));
        assertThat(hours("traffic.asked")).isEqualTo(pageViewsByHour);
        assertThat(numbers("traffic.fresh")).isEmpty();
        assertThat(numbers("traffic.page_view")).isEqualTo(pageViews);
        assertThat(redis.keys("g:*:ads.*")).isEmpty();
        assertThat(redis.keys("g:*:" + REMOVED)).isEmpty();
        assertThat(redis.keys("g:*:" + LOG))
                .contains(RedisKeys.epoch(LOG), RedisKeys.asOf(LOG), RedisKeys.fence(0, LOG));
        try (FileSystem files = HadoopSettings.fileSystem(cluster.profile())) {
            assertThat(files.exists(checkpoint(LOG))).isTrue();
            assertThat(files.exists(checkpoint(REMOVED))).isFalse();
        }
    }

    /** The ad log has its counters again, and one that was over the other log. */
    void bringBackAndMove() throws IOException {
        subjects.bringBackAndMove();
    }

    /** Redis loses the epoch of a query, and the streaming job is killed while it counts all of that query anew. */
    void killARebuild() throws InterruptedException {
        Random random = new Random();
        for (int i = 0; i < KILLS; i++) {
            lose();
            Thread.sleep(random.nextInt(4_000));
            cluster.kill(Component.STREAMING);
            cluster.restart(Component.STREAMING, Progress.stderr());
            await("the rebuild " + i, () -> state().equals("ok"));
            assertThat(numbers("traffic.page_view")).as("kill %d", i).isEqualTo(pageViews);
        }
        lose();
        cluster.kill(Component.STREAMING);
        assertThat(state()).isEqualTo("rebuilding");
    }

    private void lose() throws InterruptedException {
        redis.del(RedisKeys.epoch(LOG));
        await("the loss to be noticed", () -> state().equals("rebuilding"));
    }

    private String state() {
        return redis.hget(RedisKeys.asOf(LOG), "state");
    }

    /** @param clicksByHour of the day, as the batch table has them */
    void areBackAndMoved(List<String> clicksByHour) throws InterruptedException {
        connectAgain();
        await("the rebuild", () -> state().equals("ok"));
        assertThat(numbers("traffic.page_view")).isEqualTo(pageViews);
        await("the ad log to be counted again", () -> numbers("ads.").equals(ads));
        await("the moved counter", () -> hours("traffic.asked").equals(clicksByHour));
        assertThat(numbers("traffic.fresh")).isEmpty();
    }

    /** @param hits of the day that came after the counter of new lines was added */
    void newLinesAreCounted(long hits) {
        long seen = numbers("traffic.fresh:total").entrySet().stream()
                .filter(n -> n.getKey().endsWith("#seen"))
                .mapToLong(n -> Long.parseLong(n.getValue()))
                .sum();
        assertThat(seen).isEqualTo(hits);
    }

    private org.apache.hadoop.fs.Path checkpoint(String query) {
        Profile profile = cluster.profile();
        return new org.apache.hadoop.fs.Path(profile.streaming().checkpoint(profile.fs(), query));
    }

    /** Of all windows, fields of hashes and members of sets, of the counters whose name begins so. */
    private Map<String, String> numbers(String... counters) {
        Map<String, String> found = new TreeMap<>();
        for (String counter : counters) {
            for (String key : redis.keys("g:{*}:c:" + counter + "*")) {
                redis.hgetAll(key).forEach((field, value) -> found.put(key + " " + field, value));
            }
            for (String key : redis.keys("g:{*}:u:" + counter + "*")) {
                Set<String> members = new HashSet<>(redis.smembers(key));
                found.put(key, members.size() + " members, " + members.hashCode());
            }
        }
        return found;
    }

    /** {@code hour|number} of the site, in the order of time. */
    private List<String> hours(String counter) {
        Map<Integer, String> hours = new TreeMap<>();
        long begin = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        for (String key : redis.keys("g:{*}:c:" + counter + ":1h:*")) {
            long bucket = Long.parseLong(key.substring(key.lastIndexOf(':') + 1));
            String value = redis.hget(key, "demo-shop#seen");
            if (value != null) {
                hours.put((int) ((bucket - begin) / 3600), value);
            }
        }
        return hours.entrySet().stream()
                .map(h -> h.getKey() + "|" + h.getValue())
                .toList();
    }

    private static void await(String what, BooleanSupplier isSo) throws InterruptedException {
        long deadline = System.currentTimeMillis() + PATIENCE;
        while (!isSo.getAsBoolean()) {
            assertThat(System.currentTimeMillis()).as("waited for " + what).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
