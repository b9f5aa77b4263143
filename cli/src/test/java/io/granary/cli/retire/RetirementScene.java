package io.granary.cli.retire;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cli.retire.Retirement.Wish;
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
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** The subject ads of the reference warehouse, filled, on a real metastore, MariaDB and Redis. */
abstract class RetirementScene {
    static final Wish NEXT = new Wish(false, null, false);
    static final Wish ALL = new Wish(false, null, true);
    static final List<String> OWN =
            List.of("ods.ods_ads_ad_event_hi", "dwd.dwd_ads_click_di", "ads.ads_ads_creative_effect");
    static final String OTHER = "dwd.dwd_traffic_hit_di";

    static final Profile profile = RunningStores.shared().profile();
    static final RedisClient redis = RunningStores.shared().redis();

    @TempDir
    Path folder;

    final List<String> said = new ArrayList<>();
    int killAfter = Integer.MAX_VALUE;
    final CompiledHere platform = new CompiledHere(true);
    Path project;
    Instant now = Instant.parse("2026-11-22T00:00:00Z");

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
        Files.createDirectories(file("granary/counting/ads.ad_event/granary"));
        Files.createDirectories(file("granary/landing/ads.ad_event/dt=2026-11-01"));
        Files.createDirectories(file("granary/landing/traffic.access_log/dt=2026-11-01"));
    }

    /** What an earlier test has left is made good; only what is missing is made. */
    static void fillTables() {
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

    void assertDropped() throws Exception {
        assertThat(tables().keySet()).contains(OTHER).noneMatch(name -> name.contains("_ads_"));
        for (String table : OWN) {
            assertThat(file("granary/warehouse/" + table.replace('.', '/'))).doesNotExist();
        }
        assertThat(file("granary/warehouse/" + OTHER.replace('.', '/'))).exists();
        assertThat(file("granary/landing/ads.ad_event")).doesNotExist();
        assertThat(file("granary/counting/ads.ad_event")).doesNotExist();
        assertThat(file("granary/landing/traffic.access_log")).exists();
        assertThat(shareTables()).containsExactly("ads_traffic_site_overview", "granary_exports");
        assertThat(redis.keys("*"))
                .containsExactlyInAnyOrder("g:{3}:c:traffic.page_view:1m:1763769600", "g:epoch:traffic.access_log");
        assertThat(project.resolve("retired/ads/subjects/ads/subject.yaml")).exists();
        assertThat(said.toString()).contains("--delete --topic granary.ads.ad_event");
    }

    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Retirement retirement() {
        return retirement(platform, () -> profile);
    }

    Retirement retirement(Supplier<Profile> of) {
        return retirement(platform, of);
    }

    Retirement retirement(Platform on, Supplier<Profile> of) {
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

    Home home() {
        return new Home(folder.resolve("home"));
    }

    static Path file(String path) {
        return Path.of(URI.create(profile.fs().replaceFirst("^file:/*", "file:///")))
                .resolve(path);
    }

    SortedMap<String, TableFootprint> tables() {
        try (QuarantinedTables tables = QuarantinedTables.open(profile, Clock.systemUTC())) {
            return new TreeMap<>(tables.others(Set.of()));
        }
    }

    List<String> shareTables() throws Exception {
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

    static void share(String... statements) throws Exception {
        try (java.sql.Connection jdbc = jdbc();
                Statement statement = jdbc.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static java.sql.Connection jdbc() throws Exception {
        Connection share = profile.share();
        return DriverManager.getConnection(share.jdbcUrl(), share.user(), share.password());
    }

    static void publish(HiveTableStore store, HiveJdbcSession session, TableName name) {
        store.ensure(
                new TableSchema(name, List.of(new Column("n", "bigint")), List.of(new Column("ds", "string")), ""));
        TableStore.Staging staging = store.stage(name, RunId.next(Clock.systemUTC()));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds = '2026-11-01') SELECT 1L");
        store.publish(staging, Set.of(), new Provenance("model.t", "77aa", List.of()));
    }

    /** All files of the project with their content. */
    String tree() throws Exception {
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

    static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
