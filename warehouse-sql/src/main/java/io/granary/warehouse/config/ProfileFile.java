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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A profile as its file says it.
 *
 * @param values by key, such as {@code connections.shop.port}, references as they are written
 * @param hostGroups sorted by group
 * @param connections their names, in the file's order
 */
record ProfileFile(Map<String, String> values, Map<String, List<String>> hostGroups, List<String> connections) {
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

    /** @throws GranaryException when the file is missing, broken, or has an unknown key */
    static ProfileFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "no profile at " + file
                            + ". Start the local cluster with `granary up`, or name a profile with --profile.");
        }
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (!(root instanceof ObjectNode)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, file + ": a profile is a YAML mapping, see docs/contracts.md");
            }
            return of(file, root);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.DEFINITION, file + ": not readable as YAML: " + e.getMessage(), e);
        }
    }

    private static ProfileFile of(Path file, JsonNode root) {
        refuseUnknown(file, "", root, KEYS);
        refuseUnknown(file, "streaming.", root.path("streaming"), StreamSettings.KEYS);
        List<String> connections = new ArrayList<>();
        root.path("connections").fields().forEachRemaining(connection -> {
            checkConnection(file, connection.getKey(), connection.getValue());
            connections.add(connection.getKey());
        });
        Map<String, String> values = new TreeMap<>();
        flatten("", root, values);
        return new ProfileFile(values, HostGroups.of(file, root.path("host_groups")), List.copyOf(connections));
    }

    /** {@code vars}, by their names. */
    Map<String, String> vars() {
        String at = "vars.";
        Map<String, String> vars = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(at)) {
                vars.put(key.substring(at.length()), value);
            }
        });
        return vars;
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
                    file + ": unknown key " + String.join(", ", unknown) + "; known: " + new TreeSet<>(known));
        }
    }

    private static void flatten(String at, JsonNode node, Map<String, String> values) {
        node.fields().forEachRemaining(entry -> {
            if (entry.getValue().isObject()) {
                flatten(at + entry.getKey() + ".", entry.getValue(), values);
            } else {
                values.put(at + entry.getKey(), entry.getValue().asText());
            }
        });
    }
}
