package io.granary.ingestion.flume.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.ingestion.flume.Complaints;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.flume.Context;

/** A real MariaDB, a table of it, and a poller with its journal. */
final class PollRig {
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> said = new ArrayList<>();
    final Path journal;
    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();

    /** @param own settings of the poll beside those that are always the same: name, value, … */
    PollRig(Path folder, String table, String... own) throws Exception {
        this.folder = folder;
        this.journal = folder.resolve("poll");
        Path secret = Files.writeString(folder.resolve("secret"), "granary-secret\n");
        settings.put("source", "shop.change");
        List<String> all = new ArrayList<>(List.of(
                "folder", journal.toString(), "type", "mariadb", "host", "127.0.0.1", "port", "" + server().port()));
        all.addAll(List.of("database", "shop", "user", "granary", "password", "file:" + secret, "table", table));
        all.addAll(List.of("timeZone", "UTC", "everyMs", "50", "overlap", "30s"));
        all.addAll(List.of(own));
        for (int i = 0; i < all.size(); i += 2) {
            settings.put("poll." + all.get(i), all.get(i + 1));
        }
    }

    static MariaDbServer server() throws Exception {
        return MariaDbServer.shared();
    }

    static void sql(String... statements) throws Exception {
        try (Connection connection = session()) {
            run(connection, statements);
        }
    }

    /** Its date-times are UTC. */
    static Connection session() throws Exception {
        Connection connection = server().connect("shop");
        run(connection, "SET time_zone = '+00:00'");
        return connection;
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    Map<String, String> settings() {
        return settings;
    }

    Poller poller() {
        return poller(file -> 0);
    }

    Poller poller(ToLongFunction<Path> sent) {
        return new Poller(PollSettings.of(new Context(settings)), Clock.systemUTC(), new Complaints(said::add), sent);
    }

    /** One look of a poller that was just started. */
    void look() {
        try (Poller poller = poller()) {
            poller.look();
        }
    }

    /** All lines of the journal. */
    List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (Path file : files()) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(journal)) {
            return all.filter(file -> file.toString().endsWith(Journal.LINES))
                    .sorted()
                    .toList();
        }
    }

    /** Some columns of each line, joined by {@code |}. */
    List<String> rows(String... columns) throws IOException {
        return lines().stream()
                .map(line -> String.join(
                        "|", Stream.of(columns).map(c -> line.path(c).asText()).toList()))
                .toList();
    }
}
