package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.file.Sources;
import io.granary.ingestion.pull.FtpTestServer;
import io.granary.ingestion.pull.HttpTestServer;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.redis.RedisFixture;
import io.granary.tablestore.testing.ChildProcess;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.RedisTarget;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sync}, {@code export}, {@code pull} and {@code upload} with passwords that are looked for wherever they could have
 * leaked: there are two files that may hold them.
 */
class SecretsOfVerbsTest {
    private static final String CANARY = "canary-51d0e6b8";
    private static final String FILES_CANARY = "s3cret";
    private static final List<String> SECRETS = List.of(CANARY, FILES_CANARY, basic("granary:" + FILES_CANARY));
    private static final List<String> VERBS =
            List.of("sync", "export table", "export redis", "pull ftp", "pull http", "upload");
    private static final String ROWS = "id,amount,at,note\n1,1.00,,a\n";

    @TempDir
    Path home;

    private static String basic(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void noFileNoOutputAndNoArgumentHasThePassword() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        server.database("canaries");
        server.execute(
                "canaries",
                "CREATE USER canary_of_verbs@'%' IDENTIFIED BY '" + CANARY + "'",
                "GRANT ALL ON canaries.* TO canary_of_verbs@'%'",
                "CREATE TABLE orders (id INT PRIMARY KEY, amount DECIMAL(9,2))",
                "INSERT INTO orders VALUES (1, 1.10), (2, 2.20)");
        Path files = Files.createDirectories(home.resolve("ftp"));
        Files.writeString(files.resolve("rows.csv"), ROWS);
        Files.writeString(home.resolve("given.csv"), ROWS);
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/canary"), CANARY + "\n");
        Files.writeString(home.resolve("secrets/files"), FILES_CANARY + "\n");
        try (FtpTestServer ftp = new FtpTestServer(files);
                HttpTestServer http = new HttpTestServer();
                RedisFixture redis = new RedisFixture(CANARY)) {
            http.put("/rows.csv", ROWS);
            profile(server.port(), redis.port(), ftp.port(), http.port());
            manifest();
            ChildProcess child = ChildProcess.start(VerbsWithSecrets.class, home, home.toString());
            try {
                watched(() -> child.await(line -> line.startsWith("wrong upload: "), Duration.ofSeconds(120)));
            } finally {
                child.kill();
            }
            String said = String.join("\n", child.lines()) + Files.readString(home.resolve("VerbsWithSecrets.err"));
            VERBS.forEach(verb -> assertThat(child.lines()).as(said).contains("right " + verb + ": 0"));
            VERBS.subList(0, 4)
                    .forEach(verb -> assertThat(child.lines()).as(said).contains("wrong " + verb + ": 1"));
            assertThat(said).contains("canary_of_verbs@127.0.0.1").doesNotContain(SECRETS);
            assertThat(http.requests()).anyMatch(request -> request.endsWith("with credentials"));
        }
        noFileHasIt(home);
        noFileHasIt(Path.of(URI.create(LocalWarehouse.shared().profile().fs()))
                .resolve("granary/warehouse/ods/ods_trade_canary_df"));
    }

    private void profile(int mariaDb, int redis, int ftp, int http) throws Exception {
        Files.writeString(
                home.resolve("profile.yaml"),
                Files.readString(LocalWarehouse.shared().profileFile()) + """
                redis: redis://default:${file:secrets/canary}@127.0.0.1:%2$d
                connections:
                  shop: {type: mariadb, host: 127.0.0.1, port: %1$d, database: canaries, user: canary_of_verbs,
                         password: "${file:secrets/canary}"}
                  bank: {type: ftp, host: 127.0.0.1, port: %3$d, user: granary, password: "${file:secrets/files}", tls: false}
                  rates: {type: http, host: 127.0.0.1, port: %4$d, user: granary, password: "${file:secrets/files}", tls: false}
                """.formatted(mariaDb, redis, ftp, http));
    }

    private void manifest() {
        FileFetch.Retry once = new FileFetch.Retry(1, "0s");
        FileFetch fetch = new FileFetch("/rows.csv", Sources.CSV, null, null, once, null);
        SourceNode table = SyncScene.node("canary", "orders", "full", null);
        List<SourceNode> sources = List.of(
                table,
                Sources.pulled("canary_ftp", "ftp", "bank", fetch, "36500d"),
                Sources.pulled("canary_http", "http", "rates", fetch, "36500d"),
                Sources.manual("canary_given", "replace"));
        List<ExportNode> exports = List.of(
                export("to_table", table.table(), "shop", "orders_out", null),
                export("to_redis", table.table(), null, null, new RedisTarget("id", "canary")));
        Manifest.of("test").sources(sources).exports(exports).manifest().write(home.resolve("target/manifest.json"));
    }

    private static ExportNode export(String name, String from, String connection, String table, RedisTarget redis) {
        List<String> key = redis == null ? List.of("ds", "id") : List.of();
        String mode = redis == null ? "partition" : null;
        return new ExportNode("export.trade." + name, "trade", name, "d", from, connection, table, key, mode, redis);
    }

    /** What the verbs are waited for with. */
    private interface Wait {
        void run() throws Exception;
    }

    /** Looks at the arguments and variables of all processes below this one, all the time. */
    private static void watched(Wait wait) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        StringBuilder seen = new StringBuilder();
        Thread watch = new Thread(() -> {
            while (!done.get()) {
                ProcessHandle.current().descendants().forEach(process -> {
                    seen.append(text(process, "cmdline")).append(text(process, "environ"));
                });
                pause();
            }
        });
        watch.start();
        try {
            wait.run();
        } finally {
            done.set(true);
            watch.join();
        }
        assertThat(seen.toString()).contains(VerbsWithSecrets.class.getName()).doesNotContain(SECRETS);
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(ProcessHandle process, String what) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), what), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // it has ended, or is another user's
            return "";
        }
    }

    private void noFileHasIt(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(home.resolve("secrets")))
                    .toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRETS);
            }
        }
    }
}
