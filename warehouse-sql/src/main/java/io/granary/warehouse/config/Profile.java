package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the stores of an installation are (docs/contracts.md, section 3). The environment overrides the file. Values
 * are resolved when they are asked for, so a secret is read only by who needs it.
 */
public final class Profile {
    private final Settings settings;
    private final Map<String, List<String>> hostGroups;
    private final List<String> connections;

    private Profile(Settings settings, Map<String, List<String>> hostGroups, List<String> connections) {
        this.settings = settings;
        this.hostGroups = hostGroups;
        this.connections = connections;
    }

    /**
     * Reads a profile.
     *
     * @param environment usually {@link System#getenv()}
     * @throws GranaryException when the file is missing, broken, or has an unknown key
     */
    public static Profile load(Path file, Map<String, String> environment) {
        ProfileFile read = ProfileFile.read(file);
        References references = new References(file.toAbsolutePath().getParent(), read.vars(), environment);
        ConfigSource values = key -> Optional.ofNullable(read.values().get(key));
        return new Profile(new Settings(values, references), read.hostGroups(), read.connections());
    }

    public String name() {
        return settings.value("name").orElse("local");
    }

    /** Where this installation collects; part of every line's identity. */
    public String region() {
        return settings.value("region").orElse("local");
    }

    /** Names of the machines that collect logs, by host group; empty when the profile names none. Sorted by group. */
    public Map<String, List<String>> hostGroups() {
        return hostGroups;
    }

    /** Default file system, such as {@code hdfs://127.0.0.1:9000}. */
    public String fs() {
        return settings.required("fs");
    }

    /** Hive metastore, such as {@code thrift://127.0.0.1:9083}. */
    public String metastore() {
        return settings.required("metastore");
    }

    /** HiveServer2 protocol, such as {@code jdbc:hive2://127.0.0.1:10000/}. */
    public String sql() {
        return settings.required("sql");
    }

    /** Bootstrap servers. */
    public String kafka() {
        return settings.required("kafka");
    }

    /** As {@link RedisAddress} reads it, such as {@code redis://127.0.0.1:6379}. */
    public String redis() {
        return settings.required("redis");
    }

    /** @throws GranaryException when it is no address of a Redis or a Redis Cluster */
    public RedisAddress redisAddress() {
        return RedisAddress.parse(redis());
    }

    /** Base address of the HTTP API, such as {@code http://127.0.0.1:8080}. */
    public String api() {
        return settings.required("api");
    }

    /** How real-time counting runs. */
    public StreamSettings streaming() {
        return StreamSettings.of(key -> settings.value("streaming." + key));
    }

    /** The sharing layer's database. */
    public Connection share() {
        return connection(settings.value("share").orElse("share"));
    }

    /**
     * A database by the name that sources and exports use.
     *
     * @throws GranaryException when the profile has no such connection
     */
    public Connection connection(String name) {
        return connection(
                name, settings.value("connections." + name + ".password").orElse(""));
    }

    /**
     * A database as {@link #connection} gives it, for a process that resolves the password itself when it needs it: in
     * its place stands {@code env:NAME} or {@code file:/path}, or nothing.
     *
     * @throws GranaryException when the profile holds the password itself, which is not passed on
     */
    public Connection connectionByReference(String name) {
        return connection(name, settings.reference("connections." + name + ".password"));
    }

    private Connection connection(String name, String password) {
        if (settings.value("connections." + name + ".host").isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "profile " + name() + " has no connection '" + name + "'. Add connections." + name
                            + " with type, host, port, database, user and password to the profile.");
        }
        return Connection.of(name, settings, password, drivers());
    }

    /**
     * Folder with JDBC drivers that Granary does not ship, such as Oracle's; {@code drivers} beside the profile unless it
     * says another. It need not exist.
     */
    public Path drivers() {
        return settings.references().folder().resolve(settings.value("drivers").orElse("drivers"));
    }

    /**
     * A server of files by the name that sources use.
     *
     * @throws GranaryException when the profile has no such connection, or it is a database
     */
    public RemoteServer remote(String name) {
        if (settings.value("connections." + name + ".host").isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "profile " + name() + " has no connection '" + name + "': files come only from servers that it"
                            + " names. Add connections." + name + " with type (ftp, sftp, http), host and user.");
        }
        return RemoteServer.of(name, settings);
    }

    /** Servers that speak HTTP; files come, and redirects lead, from and to these only. */
    public List<RemoteServer> webServers() {
        return connections.stream()
                .filter(name -> settings.value("connections." + name + ".type").equals(Optional.of("http")))
                .map(this::remote)
                .toList();
    }

    /** Replaces {@code ${env:…}}, {@code ${file:…}} and {@code ${var:…}} in a text of a project file. */
    public String resolve(String text) {
        return settings.references().resolve(text);
    }
}
