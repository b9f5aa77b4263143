package io.granary.ingestion.sync;

import io.granary.warehouse.config.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A profile whose file system is a folder and whose databases are on a test server. */
final class Fixture {
    private Fixture() {}

    static Profile profile(Path home, MariaDbServer server) throws IOException {
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/mariadb"), "granary-secret\n");
        String connection = "{type: mariadb, host: 127.0.0.1, port: " + server.port()
                + ", database: %s, user: granary, password: \"${file:secrets/mariadb}\"}";
        Path file = Files.writeString(
                home.resolve("profile.yaml"),
                """
                name: local
                fs: file:///
                metastore: none
                share: share
                connections:
                  share: %s
                  shop: %s
                """
                        .formatted(connection.formatted("share"), connection.formatted("shop")));
        return Profile.load(file, Map.of());
    }
}
