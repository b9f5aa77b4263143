package io.granary.cli.retire;

import io.granary.cluster.Component;
import io.granary.cluster.Distribution;
import io.granary.cluster.LocalCluster;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;

/** Redis, MariaDB and a profile that names them and the warehouse of the tests; started once, ended with the JVM. */
record RunningStores(Profile profile, RedisClient redis) {
    private static RunningStores shared;

    static synchronized RunningStores shared() {
        if (shared == null) {
            try {
                shared = start(Files.createTempDirectory("granary-retire"));
            } catch (Exception e) {
                throw new IllegalStateException("the stores of the tests cannot be started", e);
            }
        }
        return shared;
    }

    private static RunningStores start(Path folder) throws Exception {
        LocalCluster cluster = new LocalCluster(
                new Home(folder.resolve("home")), new Distribution(folder.resolve("dist")), folder, Map.of());
        cluster.up(EnumSet.of(Component.REDIS, Component.MARIADB), System.err::println);
        Connection share = cluster.profile().share();
        Path file = folder.resolve("profile.yaml");
        Files.writeString(
                file,
                Files.readString(LocalWarehouse.shared().profileFile()).replace("name: test", "name: shop")
                        + "redis: "
                        + cluster.profile().redis()
                        + "\nkafka: 127.0.0.1:9\nconnections:\n  share: {host: 127.0.0.1, port: "
                        + share.port() + ", database: share, user: " + share.user() + ", password: \""
                        + share.password() + "\"}\nstreaming: {checkpoint: /granary/counting}\n");
        Profile profile = Profile.load(file, Map.of());
        RedisClient redis = RedisClient.create(URI.create(profile.redis()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cluster, redis, folder), "end-stores"));
        return new RunningStores(profile, redis);
    }

    private static void end(LocalCluster cluster, RedisClient redis, Path folder) {
        redis.close();
        cluster.down(System.err::println);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("left behind: " + folder + " (" + e + ")");
        }
    }
}
