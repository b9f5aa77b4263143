package io.granary.warehouse.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the stores of an installation are (docs/contracts.md, section 3). The environment overrides the file. Values
 * are resolved when they are asked for, so a secret is read only by who needs it.
 */
public final class Profile {
    private static final Set<String> KEYS = Set.of(
            "name",
            "region",
            "fs",
            "metastore",
            "sql",
            "kafka",
            "redis",
            "api",
            "share",
            "drivers",
            "streaming",
            "connections",
            "host_groups",
            "vars");
    private static final Set<String> CONNECTION_KEYS =
            Set.of("type", "host", "port", "database", "user", "password", "properties");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file|var):([^}]*)}");

    private final ConfigSource source;
    private final Path folder;
    private final Map<String, String> vars;
    private final Map<String, List<String>> hostGroups;
    private final List<String> connections;
    private final Map<String, String> environment;

    private Profile(
            ConfigSource source,
            Path folder,
            Map<String, String> vars,
            Map<String, List<String>> hostGroups,
            List<String> connections,
            Map<String, String> environment) {
        this.source = source;
        this.folder = folder;
        this.vars = vars;
        this.hostGroups = hostGroups;
        this.connections = connections;
        this.environment = environment;
    }

    /**
     * Reads a profile.
     *
     * @param environment usually {@link System#getenv()}
     * @throws GranaryException when the file is missing, broken, or has an unknown key
     */
    public static Profile load(Path file, Map<String, String> environment) {
        if (!Files.isRegularFile(file)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "no profile at " + file
                            + ". Start the local cluster with `granary up`, or name a profile with --profile.");
        }
        Map<String, String> values = new TreeMap<>();
        Map<String, List<String>> hostGroups;
        List<String> connections = new ArrayList<>();
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (!(root instanceof ObjectNode)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, file + ": a profile is a YAML mapping, see docs/contracts.md");
            }
            refuseUnknown(file, "", root, KEYS);
            refuseUnknown(file, "streaming.", root.path("streaming"), StreamSettings.KEYS);
            root.path("connections").fields().forEachRemaining(c -> checkConnection(file, c.getKey(), c.getValue()));
            hostGroups = HostGroups.of(file, root.path("host_groups"));
            root.path("connections").fieldNames().forEachRemaining(connections::add);
            flatten("", root, values);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.DEFINITION, file + ": not readable as YAML: " + e.getMessage(), e);
        }
        Map<String, String> vars = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith("vars.")) {
                vars.put(key.substring("vars.".length()), value);
            }
        });
        ConfigSource fileSource = key -> Optional.ofNullable(values.get(key));
        return new Profile(
                ConfigSource.environment(environment).orElse(fileSource),
                file.toAbsolutePath().getParent(),
                vars,
                hostGroups,
                List.copyOf(connections),
                environment);
    }

    public String name() {
        return value("name").orElse("local");
    }

    /** Where this installation collects; part of every line's identity. */
    public String region() {
        return value("region").orElse("local");
    }

    /** Names of the machines that collect logs, by host group; empty when the profile names none. Sorted by group. */
    public Map<String, List<String>> hostGroups() {
        return hostGroups;
    }

    /** Default file system, such as {@code hdfs://127.0.0.1:9000}. */
    public String fs() {
        return required("fs");
    }

    /** Hive metastore, such as {@code thrift://127.0.0.1:9083}. */
    public String metastore() {
        return required("metastore");
    }

    /** HiveServer2 protocol, such as {@code jdbc:hive2://127.0.0.1:10000/}. */
    public String sql() {
        return required("sql");
    }

    /** Bootstrap servers. */
    public String kafka() {
        return required("kafka");
    }

    /** As {@link RedisAddress} reads it, such as {@code redis://127.0.0.1:6379}. */
    public String redis() {
        return required("redis");
    }

    /** @throws GranaryException when it is no address of a Redis or a Redis Cluster */
    public RedisAddress redisAddress() {
        return RedisAddress.parse(redis());
    }

    /** Base address of the HTTP API, such as {@code http://127.0.0.1:8080}. */
    public String api() {
        return required("api");
    }

    /** How real-time counting runs. */
    public StreamSettings streaming() {
        return StreamSettings.of(key -> value("streaming." + key));
    }

    /** The sharing layer's database. */
    public Connection share() {
        return connection(value("share").orElse("share"));
    }

    /**
     * A database by the name that sources and exports use.
     *
     * @throws GranaryException when the profile has no such connection
     */
    public Connection connection(String name) {
        return connection(name, value("connections." + name + ".password").orElse(""));
    }

    /**
     * A database as {@link #connection} gives it, for a process that resolves the password itself when it needs it: in
     * its place stands {@code env:NAME} or {@code file:/path}, or nothing.
     *
     * @throws GranaryException when the profile holds the password itself, which is not passed on
     */
    public Connection connectionByReference(String name) {
        return connection(name, passwordReference("connections." + name + ".password"));
    }

    private String passwordReference(String key) {
        String variable = ConfigSource.variable(key);
        if (environment.containsKey(variable)) {
            return "env:" + variable;
        }
        String text = source.value(key).orElse("");
        Matcher reference = REFERENCE.matcher(text);
        if (reference.matches() && reference.group(1).equals("env")) {
            return "env:" + reference.group(2);
        }
        if (reference.matches() && reference.group(1).equals("file")) {
            return "file:" + folder.resolve(reference.group(2)).normalize();
        }
        if (!text.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    key + " is no reference, and secrets are passed on as references only. Write ${env:NAME} or"
                            + " ${file:path} in the profile.");
        }
        return "";
    }

    private Connection connection(String name, String password) {
        String at = "connections." + name + ".";
        if (value(at + "host").isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "profile " + name() + " has no connection '" + name + "'. Add connections." + name
                            + " with type, host, port, database, user and password to the profile.");
        }
        DatabaseType type = databaseType(at);
        Map<String, String> properties = new TreeMap<>();
        for (String property : type.properties()) {
            value(at + "properties." + property).ifPresent(value -> properties.put(property, value));
        }
        return new Connection(
                name,
                type,
                required(at + "host"),
                port(at, type),
                required(at + "database"),
                required(at + "user"),
                password,
                properties,
                drivers());
    }

    /**
     * Folder with JDBC drivers that Granary does not ship, such as Oracle's; {@code drivers} beside the profile unless it
     * says another. It need not exist.
     */
    public Path drivers() {
        return folder.resolve(value("drivers").orElse("drivers"));
    }

    private DatabaseType databaseType(String at) {
        String type = value(at + "type").orElse("mariadb");
        return DatabaseType.find(type)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DEFINITION,
                        at + "type is '" + type + "'; types of databases: " + DatabaseType.known()));
    }

    private int port(String at, DatabaseType type) {
        String port = value(at + "port").orElse(Integer.toString(type.defaultPort()));
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new GranaryException(ErrorCode.DEFINITION, at + "port is '" + port + "', not a number", e);
        }
    }

    /**
     * A server of files by the name that sources use.
     *
     * @throws GranaryException when the profile has no such connection, or it is a database
     */
    public RemoteServer remote(String name) {
        if (value("connections." + name + ".host").isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "profile " + name() + " has no connection '" + name + "': files come only from servers that it"
                            + " names. Add connections." + name + " with type (ftp, sftp, http), host and user.");
        }
        return RemoteServer.of(name, this::value);
    }

    /** Servers that speak HTTP; files come, and redirects lead, from and to these only. */
    public List<RemoteServer> webServers() {
        return connections.stream()
                .filter(name -> value("connections." + name + ".type").equals(Optional.of("http")))
                .map(this::remote)
                .toList();
    }

    /** Replaces {@code ${env:…}}, {@code ${file:…}} and {@code ${var:…}} in a text of a project file. */
    public String resolve(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(out, Matcher.quoteReplacement(reference(matcher.group(1), matcher.group(2))));
        }
        return matcher.appendTail(out).toString();
    }

    private Optional<String> value(String key) {
        return source.value(key).map(this::resolve);
    }

    private String required(String key) {
        return value(key)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DEFINITION,
                        "profile " + folder + " has no value for '" + key + "'. Add it, or set " + "GRANARY_"
                                + key.replace('.', '_').toUpperCase(java.util.Locale.ROOT) + "."));
    }

    private String reference(String kind, String name) {
        String found = switch (kind) {
            case "env" -> environment.get(name);
            case "var" -> vars.get(name);
            default -> content(folder.resolve(name));
        };
        if (found == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "reference ${" + kind + ":" + name + "} has no value (profile in " + folder + ")");
        }
        return kind.equals("var") ? resolve(found) : found;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "cannot read the file of reference ${file:" + file + "}: " + e, e);
        }
    }

    private static void checkConnection(Path file, String name, JsonNode connection) {
        String at = "connections." + name + ".";
        if (RemoteServer.TYPES.contains(connection.path("type").asText())) {
            refuseUnknown(file, at, connection, RemoteServer.KEYS);
            return;
        }
        refuseUnknown(file, at, connection, CONNECTION_KEYS);
        DatabaseType.find(connection.path("type").asText("mariadb"))
                .ifPresent(type ->
                        refuseUnknown(file, at + "properties.", connection.path("properties"), type.properties()));
    }

    private static void refuseUnknown(Path file, String at, JsonNode node, Set<String> known) {
        List<String> unknown = new ArrayList<>();
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                unknown.add(at + key);
            }
        });
        if (!unknown.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    file + ": unknown key " + String.join(", ", unknown) + "; known: "
                            + new java.util.TreeSet<>(known));
        }
    }

    private static void flatten(String at, JsonNode node, Map<String, String> values) {
        for (Iterator<Map.Entry<String, JsonNode>> i = node.fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = i.next();
            if (entry.getValue().isObject()) {
                flatten(at + entry.getKey() + ".", entry.getValue(), values);
            } else {
                values.put(at + entry.getKey(), entry.getValue().asText());
            }
        }
    }
}
