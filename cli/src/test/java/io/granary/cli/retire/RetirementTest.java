package io.granary.cli.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.cli.retire.Retirement.Outcome;
import io.granary.cli.retire.Retirement.Wish;
import io.granary.cluster.Component;
import io.granary.cluster.Distribution;
import io.granary.cluster.LocalCluster;
import io.granary.tablestore.Column;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.QuarantinedTables;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableFootprint;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** The subject ads of the reference warehouse leaves and comes back, on a real metastore, MariaDB and Redis. */
class RetirementTest {
    private static final Wish NEXT = new Wish(false, null, false);
    private static final Wish ALL = new Wish(false, null, true);
    private static final List<String> OWN =
            List.of("ods.ods_ads_ad_event_hi", "dwd.dwd_ads_click_di", "ads.ads_ads_creative_effect");
    private static final String OTHER = "dwd.dwd_traffic_hit_di";

    @TempDir
    static Path shared;

    private static LocalCluster cluster;
    private static Profile profile;
    private static RedisClient redis;

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private int killAfter = Integer.MAX_VALUE;
    private final CompiledHere platform = new CompiledHere(true);
    private Path project;
    private Instant now = Instant.parse("2026-11-22T00:00:00Z");

    @BeforeAll
    static void start() throws Exception {
        cluster = new LocalCluster(
                new Home(shared.resolve("home")), new Distribution(shared.resolve("dist")), shared, Map.of());
        cluster.up(EnumSet.of(Component.REDIS, Component.MARIADB), System.err::println);
        Connection share = cluster.profile().share();
        Path file = shared.resolve("profile.yaml");
        Files.writeString(
                file,
                Files.readString(LocalWarehouse.shared().profileFile()).replace("name: test", "name: shop")
                        + "redis: "
                        + cluster.profile().redis()
                        + "\nkafka: 127.0.0.1:9\nconnections:\n  share: {host: 127.0.0.1, port: "
                        + share.port() + ", database: share, user: " + share.user() + ", password: \""
                        + share.password() + "\"}\n");
        profile = Profile.load(file, Map.of());
        redis = RedisClient.create(URI.create(profile.redis()));
    }

    @AfterAll
    static void stop() {
        redis.close();
        cluster.down(System.err::println);
    }

    @BeforeEach
    void fill() throws Exception {
        project = folder.resolve("shop");
        copy(Path.of("../warehouse-sql/subjects"), project.resolve("subjects"));
        fillTables();
        share(
                "DROP TABLE IF EXISTS granary_retired__ads_ads_creative_effect",
                "CREATE TABLE IF NOT EXISTS ads_ads_creative_effect (ds VARCHAR(10), clicks BIGINT)",
                "CREATE TABLE IF NOT EXISTS ads_traffic_site_overview (ds VARCHAR(10), hits BIGINT)",
                "CREATE TABLE IF NOT EXISTS granary_exports (export VARCHAR(255), ds VARCHAR(10),"
                        + " exported_at DATETIME, PRIMARY KEY (export, ds))",
                "REPLACE INTO granary_exports VALUES ('export.ads.creative_effect', '2026-11-01', NOW()),"
                        + " ('export.traffic.site_overview', '2026-11-01', NOW())");
        redis.flushAll();
        redis.hset("g:{3}:c:ads.click:1m:1763769600", "demo-shop#clicks", "7");
        redis.hset("g:{3}:c:traffic.page_view:1m:1763769600", "demo-shop#page_views", "9");
        redis.set("g:epoch:ads.ad_event", "e1");
        redis.hset("g:{3}:fence:ads.ad_event", "epoch", "e1");
        redis.set("g:epoch:traffic.access_log", "e2");
        Files.createDirectories(file("granary/checkpoints/streaming/ads.ad_event/granary"));
        Files.createDirectories(file("granary/landing/ads.ad_event/dt=2026-11-01"));
        Files.createDirectories(file("granary/landing/traffic.access_log/dt=2026-11-01"));
    }

    /** What an earlier test has left is made good; only what is missing is made. */
    private static void fillTables() {
        try (HiveJdbcSession session = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, session);
                QuarantinedTables tables = QuarantinedTables.open(profile, Clock.systemUTC())) {
            for (String table : Stream.concat(OWN.stream(), Stream.of(OTHER)).toList()) {
                TableName name = TableName.parse(table);
                tables.restore(name);
                if (store.partitions(name).isEmpty()) {
                    publish(store, session, name);
                }
            }
        }
    }

    @Test
    void outAndInAndOutForGood() throws Exception {
        String before = tree();
        String hash = platform.compile(project, home()).hash();
        SortedMap<String, TableFootprint> tables = tables();

        Outcome out = retirement().apply(NEXT);

        assertThat(out.isGood()).as(out.proof().rows().toString()).isTrue();
        assertThat(out.stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(project.resolve("subjects/ads")).doesNotExist();
        assertThat(project.resolve("retired/ads/subjects/ads/subject.yaml")).exists();
        assertThat(platform.restarted).containsExactly("flume", "streaming");
        assertThat(tables().keySet())
                .contains(OTHER, "granary_retired.ads__ads_ads_creative_effect")
                .doesNotContainAnyElementsOf(OWN);
        assertThat(shareTables())
                .containsExactly(
                        "ads_traffic_site_overview", "granary_exports", "granary_retired__ads_ads_creative_effect");
        assertThat(redis.dbSize()).isEqualTo(5);
        assertThat(out.proof().rows())
                .extracting(row -> row.get(0) + " " + row.get(4))
                .containsExactly(
                        "models of others equal",
                        "definitions of others equal",
                        "tables of others equal",
                        "share tables of others equal");

        assertThatThrownBy(() -> retirement(LocalWarehouse.shared()::profile).undo())
                .hasMessageContaining("profile 'shop', this is profile 'test'")
                .hasMessageContaining("Nothing was changed");
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(said).last().asString().contains("in 30 days 0 hours", "Nothing was changed");

        Outcome back = retirement().undo();

        assertThat(back.isGood()).as(back.proof().rows().toString()).isTrue();
        assertThat(tree()).isEqualTo(before);
        assertThat(tables()).isEqualTo(tables);
        assertThat(shareTables()).contains("ads_ads_creative_effect").hasSize(3);
        assertThat(platform.compile(project, home()).hash()).isEqualTo(hash);
        assertThat(back.proof().rows().toString()).contains("[manifest, , " + hash.substring(0, 12));
        assertThatThrownBy(() -> retirement().undo()).hasMessageContaining("ads is not retired");

        retirement().apply(NEXT);
        now = now.plus(Duration.ofDays(30));
        Outcome dropped = retirement().apply(NEXT);

        assertThat(dropped.isGood()).as(dropped.proof().rows().toString()).isTrue();
        assertDropped();
        assertThat(dropped.proof().rows())
                .extracting(row -> row.get(0) + " " + row.get(4))
                .containsExactly(
                        "tables of others equal", "share tables of others equal", "Redis keys of others equal");
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.DROPPED);
        assertThatThrownBy(() -> retirement().undo())
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("cannot be brought back. Its definition can");

        // the definition comes in again, and goes again
        Files.move(project.resolve("retired/ads/subjects/ads"), project.resolve("subjects/ads"));
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(retirement().undo().isGood()).isTrue();
        assertThat(project.resolve("retired")).isDirectoryContaining("glob:**/ads-20261222T000000Z");
    }

    @Test
    void killedAfterAnyChangeItGoesOnWhenItIsCalledAgain() throws Exception {
        String before = tree();
        SortedMap<String, TableFootprint> tables = tables();
        int changes = 1;
        while (isKilled(changes, () -> retirement().apply(NEXT))) {
            assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
            assertThat(tables().keySet()).doesNotContainAnyElementsOf(OWN);
            isKilled(changes, () -> retirement().undo());
            if (project.resolve("retired/ads/retired.yaml").toFile().exists()) {
                assertThat(retirement().undo().isGood()).isTrue();
            }
            assertThat(tree()).isEqualTo(before);
            assertThat(tables()).isEqualTo(tables);
            changes++;
        }
        // two notes for each stage, the folder, the manifest, two components, the tables of both layers
        assertThat(changes).isEqualTo(4 + 2 + 2 + OWN.size() + 1 + 1);

        changes = 1;
        while (isKilled(changes, () -> retirement().apply(ALL))) {
            changes++;
        }
        assertDropped();
    }

    @Test
    void aKilledApplyCanBeTakenBackAndAKilledUndoGoneOutAgain() throws Exception {
        String before = tree();
        SortedMap<String, TableFootprint> tables = tables();
        for (int changes : List.of(2, 7, 9)) {
            assertThat(isKilled(changes, () -> retirement().apply(NEXT))).isTrue();
            assertThat(retirement().undo().isGood()).isTrue();
            assertThat(tree()).isEqualTo(before);
            assertThat(tables()).isEqualTo(tables);
        }
        retirement().apply(NEXT);
        assertThat(isKilled(3, () -> retirement().undo())).isTrue();
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(tables().keySet()).doesNotContainAnyElementsOf(OWN);
        assertThat(retirement().undo().isGood()).isTrue();
        assertThat(tables()).isEqualTo(tables);
    }

    /** Whether the call, killed after so many changes, did not come to its end. */
    private boolean isKilled(int changes, Supplier<Outcome> call) {
        killAfter = changes;
        try {
            assertThat(call.get().isGood()).isTrue();
            return false;
        } catch (Killed e) {
            return true;
        } finally {
            killAfter = Integer.MAX_VALUE;
        }
    }

    @Test
    void stoppedOnlyItNeedsNoStores() throws Exception {
        String before = tree();
        Supplier<Profile> none = () -> {
            throw new GranaryException(io.granary.warehouse.error.ErrorCode.NOT_FOUND, "no profile");
        };
        assertThatThrownBy(() -> retirement(none).apply(NEXT)).hasMessageContaining("Nothing was changed");
        assertThat(tree()).isEqualTo(before);

        assertThat(retirement(none).apply(new Wish(true, null, false)).stage()).isEqualTo(Stage.STOPPED);
        assertThat(project.resolve("subjects/ads")).doesNotExist();
        assertThat(tables().keySet()).containsAll(OWN);
        assertThat(retirement(none).undo().isGood()).isTrue();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void whoeverIsReadStays() throws Exception {
        Path sql = project.resolve("subjects/trade/models/ads/ads_trade_overview.sql");
        Path yaml = project.resolve("subjects/ads/models/dws/dws_ads_creative_1d.yaml");
        Files.writeString(yaml, Files.readString(yaml).replaceAll("(?m)^access: .*\n", "") + "access: public\n");
        Files.writeString(
                sql,
                Files.readString(sql)
                        .replaceFirst(
                                "WHERE ",
                                "WHERE EXISTS (SELECT 1 FROM dws.dws_ads_creative_1d AS c WHERE c.ds = :ds) AND "));
        String before = tree();

        Outcome out = retirement().apply(NEXT);

        assertThat(out.isGood()).isFalse();
        assertThat(out.readers())
                .extracting(Reader::place)
                .singleElement()
                .asString()
                .startsWith("subjects/trade/models/ads/ads_trade_overview.sql:");
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void aTableThatIsThereAgainIsNotOverwritten() throws Exception {
        retirement().apply(NEXT);
        try (HiveJdbcSession session = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, session)) {
            publish(store, session, TableName.parse(OWN.get(1)));
            assertThatThrownBy(() -> retirement().undo()).hasMessageContaining("Nothing was changed");
            assertThatThrownBy(() -> retirement().apply(ALL)).hasMessageContaining("Nothing was changed");
            session.execute("DROP TABLE " + OWN.get(1));
        }
        assertThat(retirement().undo().isGood()).isTrue();
    }

    @Test
    void aStreamThatStillCountsIsNotDropped() {
        redis.hset(
                "g:as_of:ads.ad_event",
                "at",
                String.valueOf(now.minusSeconds(30).toEpochMilli()));
        CompiledHere remote = new CompiledHere(false);
        Retirement elsewhere = retirement(remote, () -> profile);
        elsewhere.apply(NEXT);
        assertThat(said.toString()).contains("start again where they run", "flume, streaming");
        assertThatThrownBy(() -> elsewhere.apply(ALL)).hasMessageContaining("still runs with the old manifest");
        now = now.plusSeconds(180);
        assertThat(retirement(remote, () -> profile).apply(ALL).stage()).isEqualTo(Stage.DROPPED);
    }

    private void assertDropped() throws Exception {
        assertThat(tables().keySet()).contains(OTHER).noneMatch(name -> name.contains("_ads_"));
        for (String table : OWN) {
            assertThat(file("granary/warehouse/" + table.replace('.', '/'))).doesNotExist();
        }
        assertThat(file("granary/warehouse/" + OTHER.replace('.', '/'))).exists();
        assertThat(file("granary/landing/ads.ad_event")).doesNotExist();
        assertThat(file("granary/checkpoints/streaming/ads.ad_event")).doesNotExist();
        assertThat(file("granary/landing/traffic.access_log")).exists();
        assertThat(shareTables()).containsExactly("ads_traffic_site_overview", "granary_exports");
        assertThat(redis.keys("*"))
                .containsExactlyInAnyOrder("g:{3}:c:traffic.page_view:1m:1763769600", "g:epoch:traffic.access_log");
        assertThat(project.resolve("retired/ads/subjects/ads/subject.yaml")).exists();
        assertThat(said.toString()).contains("--delete --topic granary.ads.ad_event");
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Retirement retirement() {
        return retirement(platform, () -> profile);
    }

    private Retirement retirement(Supplier<Profile> of) {
        return retirement(platform, of);
    }

    private Retirement retirement(Platform on, Supplier<Profile> of) {
        int[] left = {killAfter};
        Journal journal = new Journal() {
            @Override
            public void say(String line) {
                said.add(line);
            }

            @Override
            public void changed() {
                if (--left[0] == 0) {
                    throw new Killed();
                }
            }
        };
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        return new Retirement(new Context(new SubjectFolder(project, "ads"), home(), of, on, clock, journal));
    }

    private Home home() {
        return new Home(folder.resolve("home"));
    }

    private static Path file(String path) {
        return Path.of(URI.create(profile.fs().replaceFirst("^file:/*", "file:///")))
                .resolve(path);
    }

    private SortedMap<String, TableFootprint> tables() {
        try (QuarantinedTables tables = QuarantinedTables.open(profile, Clock.systemUTC())) {
            return new TreeMap<>(tables.others(Set.of()));
        }
    }

    private List<String> shareTables() throws Exception {
        List<String> names = new ArrayList<>();
        try (java.sql.Connection jdbc = jdbc();
                Statement statement = jdbc.createStatement();
                ResultSet rows = statement.executeQuery("SHOW TABLES")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names.stream().sorted().toList();
    }

    private static void share(String... statements) throws Exception {
        try (java.sql.Connection jdbc = jdbc();
                Statement statement = jdbc.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static java.sql.Connection jdbc() throws Exception {
        Connection share = profile.share();
        return DriverManager.getConnection(share.jdbcUrl(), share.user(), share.password());
    }

    private static void publish(HiveTableStore store, HiveJdbcSession session, TableName name) {
        store.ensure(
                new TableSchema(name, List.of(new Column("n", "bigint")), List.of(new Column("ds", "string")), ""));
        TableStore.Staging staging = store.stage(name, RunId.next(Clock.systemUTC()));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds = '2026-11-01') SELECT 1L");
        store.publish(staging, Set.of(), new Provenance("model.t", "77aa", List.of()));
    }

    /** All files of the project with their content. */
    private String tree() throws Exception {
        StringBuilder tree = new StringBuilder();
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.sorted().toList()) {
                tree.append(project.relativize(file)).append('\n');
                if (Files.isRegularFile(file)) {
                    tree.append(Files.readString(file));
                }
            }
        }
        return tree.toString();
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
