package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * JDBC drivers by their class, not by what is found on the class path. A driver that is not shipped is loaded from the
 * {@code *.jar} files of the profile's {@code drivers} folder.
 */
final class Drivers {
    private static final Map<String, Driver> LOADED = new ConcurrentHashMap<>();

    private Drivers() {}

    static Driver of(Connection connection) {
        return LOADED.computeIfAbsent(
                name(connection.type()), name -> load(name, connection.name(), connection.drivers()));
    }

    private static String name(DatabaseType type) {
        return switch (type) {
            case MARIADB, MYSQL -> "org.mariadb.jdbc.Driver";
            case POSTGRESQL -> "org.postgresql.Driver";
            case ORACLE -> "oracle.jdbc.OracleDriver";
            case SQLSERVER -> "com.microsoft.sqlserver.jdbc.SQLServerDriver";
        };
    }

    static Driver load(String name, String connection, Path folder) {
        try {
            return instance(name, Drivers.class.getClassLoader());
        } catch (ClassNotFoundException notShipped) {
            try {
                return instance(name, inFolder(folder, Drivers.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "connection " + connection + " needs the JDBC driver " + name
                                + ", which Granary does not ship. Put its jar into the folder "
                                + (folder == null ? "that 'drivers' of the profile names" : folder) + ".",
                        e);
            }
        }
    }

    // The loader lives as long as the driver: to the end of the process.
    static ClassLoader inFolder(Path folder, ClassLoader parent) {
        if (folder == null || !Files.isDirectory(folder)) {
            return parent;
        }
        try (Stream<Path> files = Files.list(folder)) {
            URL[] jars = files.filter(f -> f.toString().endsWith(".jar"))
                    .sorted()
                    .map(Drivers::url)
                    .toArray(URL[]::new);
            return new URLClassLoader(jars, parent);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + folder + ": " + e, e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file has a URL: " + jar, e);
        }
    }

    static Driver instance(String name, ClassLoader loader) throws ClassNotFoundException {
        try {
            return Class.forName(name, true, loader)
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "JDBC driver " + name + " cannot be loaded: " + e, e);
        }
    }
}
