package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.config.LoopbackPort;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A real PostgreSQL server for tests, from the binaries in the test class path. PostgreSQL does not run as root: then it
 * runs as {@code nobody}. Its files lie in the temporary folder, since nobody may not enter root's own.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";
    private static final String USER = "granary";
    private static final String PASSWORD = "granary-secret";
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static PostgresServer shared;

    private final int port = LoopbackPort.anyFree();
    private final Path folder;
    private Process process;

    private PostgresServer(Path folder) {
        this.folder = folder;
    }

    /** The server of this JVM, which ends with it. Tests keep apart by {@link #database}. */
    public static synchronized PostgresServer shared() throws Exception {
        if (shared == null) {
            PostgresServer server = start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            shared = server;
        }
        return shared;
    }

    /** A server with the databases {@code shop} and {@code share}. */
    public static PostgresServer start() throws Exception {
        Path binaries = binaries();
        Path folder = Files.createTempDirectory("granary-postgres");
        Files.writeString(folder.resolve("password"), PASSWORD);
        own(folder);
        own(folder.resolve("password"));
        run(
                folder,
                "initdb",
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + folder.resolve("data"),
                "--username=" + USER,
                "--pwfile=" + folder.resolve("password"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions");
        PostgresServer server = new PostgresServer(folder);
        server.startAgain();
        server.database("shop");
        server.database("share");
        return server;
    }

    /** Starts a server that has ended, on the port and the files it had. */
    public void startAgain() throws Exception {
        process = process(
                folder,
                "server",
                binaries().resolve("bin/postgres").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "shared_buffers=32MB");
        await();
    }

    /** Ends it at once: sessions are dropped, nothing is tidied up, and the next start recovers from its log. */
    public void crash() throws Exception {
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                .start()
                .waitFor();
        process.waitFor();
    }

    public int port() {
        return port;
    }

    /** Creates a database. */
    public void database(String name) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, PASSWORD);
    }

    /** How the code under test is given a database. */
    public io.granary.warehouse.config.Connection connection(String database) {
        return TestConnections.of(DatabaseType.POSTGRESQL, port, database);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("PostgreSQL's folder stays: " + e);
        }
    }

    private void await() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Connection connection = connect("postgres")) {
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    process.destroyForcibly();
                    throw new IllegalStateException(
                            "PostgreSQL did not start:\n" + Files.readString(folder.resolve("server.log")), e);
                }
                Thread.sleep(50);
            }
        }
    }

    private static void run(Path folder, String log, String... command) throws Exception {
        if (process(folder, log, command).waitFor() != 0) {
            throw new IllegalStateException(
                    log + " of PostgreSQL failed:\n" + Files.readString(folder.resolve(log + ".log")));
        }
    }

    private static Process process(Path folder, String log, String... command) throws IOException {
        List<String> all = new ArrayList<>();
        if (ROOT) {
            all.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
        }
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log + ".log").toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder.start();
    }

    private static void own(Path file) throws IOException {
        if (ROOT) {
            Files.setOwner(
                    file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
    }

    /** Unpacks what is needed once per user of this machine. */
    private static Path binaries() throws IOException {
        Path tmp = Path.of(System.getProperty("java.io.tmpdir"));
        String version = PostgresServer.class
                .getClassLoader()
                .getResource(ARCHIVE)
                .getPath()
                .replaceAll(".*/([^/]+)\\.jar!.*", "$1");
        Path target = tmp.resolve(version + "-" + System.getProperty("user.name"));
        if (Files.isDirectory(target)) {
            return target;
        }
        Path part = Files.createTempDirectory(tmp, "granary-postgres-part");
        try (InputStream resource = PostgresServer.class.getClassLoader().getResourceAsStream(ARCHIVE);
                TarArchiveInputStream archive =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(resource)))) {
            for (TarArchiveEntry entry = archive.getNextTarEntry(); entry != null; entry = archive.getNextTarEntry()) {
                unpack(archive, entry, part);
            }
        }
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            // another JVM was faster
        } catch (FileSystemException e) {
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
        return target;
    }

    private static void unpack(TarArchiveInputStream archive, TarArchiveEntry entry, Path target) throws IOException {
        String name = entry.getName();
        if (entry.isDirectory() || name.contains("/extension/") && !name.contains("plpgsql")) {
            return;
        }
        Path to = target.resolve(name).normalize();
        Files.createDirectories(to.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(archive, to);
        Files.setPosixFilePermissions(
                to, PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
