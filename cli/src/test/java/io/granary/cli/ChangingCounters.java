package io.granary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.cluster.Component;
import io.granary.cluster.LocalCluster;
import io.granary.cluster.Progress;
import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.TableName;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
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
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOG = "traffic.access_log";
    private static final String REMOVED = "ads.ad_event";
    private static final String PROVINCE = "Atlantis";
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

    /** The ad log has its counters again, one that was over the other log, and one that is over a dimension of the shop. */
    void bringBackAndMove() throws Exception {
        subjects.bringBackAndMove();
        Connection shop = cluster.profile().connection("shop");
        try (java.sql.Connection db = DriverManager.getConnection(shop.jdbcUrl(), shop.user(), shop.password());
                Statement statement = db.createStatement()) {
            statement.executeUpdate("UPDATE users SET province = '" + PROVINCE + "'");
        }
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
        await(
                "the ad log to be counted again",
                () -> numbers("ads.click", "ads.creative", "ads.impression").equals(ads));
        await("the moved counter", () -> hours("traffic.asked").equals(clicksByHour));
        await("the new counter", () -> !byProvince(day).isEmpty());
        assertThat(byProvince(day)).doesNotContainKey(PROVINCE);
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

    /**
     * The dimension's version of the day after is published: what comes from then on is joined to it.
     *
     * @param log of the ad server
     */
    void joinsTheNewVersion(Path log) throws Exception {
        LocalDate next = day.plusDays(1);
        int[] sent = new int[1];
        await("a row of the new version", () -> {
            append(log, next, sent[0]++);
            return byProvince(next).containsKey(PROVINCE);
        });
        TableName users = TableName.parse("dim.dim_user_df");
        String run = HiveTableStore.published(cluster.profile(), users).stream()
                .filter(p -> p.spec().values().contains(next.toString()))
                .findFirst()
                .orElseThrow()
                .run()
                .toString();
        assertThat(newestMarks().path("dimensions").path(users.toString()).asText())
                .isEqualTo("ds=" + next + " " + run);
    }

    private static void append(Path log, LocalDate day, int number) {
        String click = """
                {"event_id":"%s","event_type":"click","event_at":"%sT12:00:00.000Z","site":"demo-shop","user_id":"7"}
                """.formatted("after-" + number, day);
        try {
            Files.writeString(log, click, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode newestMarks() throws IOException {
        try (FileSystem files = HadoopSettings.fileSystem(cluster.profile())) {
            org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(checkpoint(REMOVED), "granary/marks");
            long newest = Arrays.stream(files.listStatus(folder))
                    .map(f -> f.getPath().getName())
                    .filter(name -> name.matches("\\d+\\.json"))
                    .mapToLong(name -> Long.parseLong(name.replace(".json", "")))
                    .max()
                    .orElseThrow();
            try (InputStream in = files.open(new org.apache.hadoop.fs.Path(folder, newest + ".json"))) {
                return JSON.readTree(in.readAllBytes());
            }
        }
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

    private Map<String, String> byProvince(LocalDate ds) {
        Map<String, String> found = new TreeMap<>();
        long bucket = ds.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        for (String key : redis.keys("g:{*}:c:ads.province:1d:" + bucket)) {
            redis.hgetAll(key).forEach((field, value) -> {
                if (field.endsWith("#seen")) {
                    found.put(field.substring(0, field.indexOf('#')), value);
                }
            });
        }
        return found;
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
