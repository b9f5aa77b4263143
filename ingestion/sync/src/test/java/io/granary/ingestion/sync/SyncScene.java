package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Sources of a database in a home, and `granary sync` over them. */
final class SyncScene {
    final Path home;
    private final Session shop;
    private final Stores stores;
    private final Map<String, SourceNode> sources = new LinkedHashMap<>();

    private SyncScene(Path home, Session shop, Stores stores) {
        this.home = home;
        this.shop = shop;
        this.stores = stores;
    }

    /** Opens a session on the business database. */
    interface Session {
        Connection open() throws SQLException;
    }

    /** Over a database of its own on the shared MariaDB, and tables in a folder. */
    static SyncScene mariadb(Path home, Stores stores, String database) throws Exception {
        return mariadb(home, stores, database, folders(home));
    }

    /** @param profile everything but the connections */
    static SyncScene mariadb(Path home, Stores stores, String database, String profile) throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        server.database(database);
        profile(home, profile, "mariadb", server.port(), database);
        return new SyncScene(home, () -> server.connect(database), stores);
    }

    /** Over a database that is there, and tables in a folder. */
    static SyncScene of(Path home, Stores stores, String type, int port, String database, Session shop)
            throws IOException {
        profile(home, folders(home), type, port, database);
        return new SyncScene(home, shop, stores);
    }

    /** Over a database of its own on the shared PostgreSQL, and tables in a folder. */
    static SyncScene postgresql(Path home, Stores stores, String database) throws Exception {
        PostgresServer server = PostgresServer.shared();
        server.database(database);
        profile(home, folders(home), "postgresql", server.port(), database);
        return new SyncScene(home, () -> server.connect(database), stores);
    }

    private static String folders(Path home) {
        String fs = home.resolve("files").toUri().toString().replaceAll("/$", "");
        return "name: local\nfs: " + fs + "\nmetastore: none\n";
    }

    private static void profile(Path home, String head, String type, int port, String database) throws IOException {
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/shop"), "granary-secret\n");
        Files.writeString(
                home.resolve("profile.yaml"),
                head + "connections:\n  shop: {type: " + type + ", host: 127.0.0.1, port: " + port + ", database: "
                        + database + ", user: granary, password: \"${file:secrets/shop}\"}\n");
    }

    record Ended(int code, String out, String err) {}

    /** The ODS table of a source. */
    static String table(String name, String mode) {
        return "ods.ods_trade_" + name + (mode.equals("full") ? "_df" : "_di");
    }

    SyncScene source(String name, String table, String mode, TableRead read) {
        sources.put(name, node(name, table, mode, read));
        Manifest.of("test")
                .sources(List.copyOf(sources.values()))
                .manifest()
                .write(home.resolve("target/manifest.json"));
        return this;
    }

    static SourceNode node(String name, String table, String mode, TableRead read) {
        return SourceNode.of("jdbc", "trade", name)
                .daily()
                .table(table(name, mode))
                .connection("shop")
                .sourceTable(table)
                .mode(mode)
                .read(read)
                .node();
    }

    Ended sync(String source, String ds, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(stores == null ? new SyncCommand() : new SyncCommand(profile -> stores))
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out));
        line.setExecutionExceptionHandler((e, cmd, parsed) -> {
            cmd.getErr().println(e.getMessage());
            return e instanceof GranaryException known ? known.code().exitCode() : 2;
        });
        List<String> args = new ArrayList<>(List.of("trade." + source, "--ds", ds, "--home", home.toString()));
        args.addAll(List.of(more));
        int code = line.execute(args.toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = shop.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
