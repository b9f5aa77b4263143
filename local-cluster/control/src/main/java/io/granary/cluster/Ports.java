package io.granary.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The ports of one state folder: chosen free once, then kept, so that addresses people wrote down stay right. */
record Ports(Map<String, Integer> byName) {
    /** The server that stands for the shop's supplier in the demo; no component of the cluster. */
    static final String SUPPLIER = "supplier";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the recorded ports, chooses those that are missing, and records them.
     *
     * @param fixed ports that a person asked for, by component
     */
    static Ports of(Home home, Map<Component, Integer> fixed) {
        Map<String, Integer> ports = read(home.cluster());
        Map<String, Integer> before = Map.copyOf(ports);
        fixed.forEach((component, port) -> ports.put(
                component
                        .mainPort()
                        .orElseThrow(() -> new GranaryException(ErrorCode.USAGE, component + " has no port")),
                port));
        int next = new SplittableRandom().nextInt(LoopbackPort.LOWEST, LoopbackPort.END - 100) / 10 * 10 + 1;
        for (String name : names()) {
            while (!ports.containsKey(name)) {
                if (!ports.containsValue(next) && LoopbackPort.isFree(next)) {
                    ports.put(name, next);
                }
                next = next + 1 < LoopbackPort.END ? next + 1 : LoopbackPort.LOWEST;
            }
        }
        if (ports.values().stream().distinct().count() < ports.size()) {
            throw new GranaryException(ErrorCode.USAGE, "two components have the same port: " + ports);
        }
        if (!ports.equals(before)) {
            write(home.cluster(), ports);
        }
        return new Ports(Map.copyOf(ports));
    }

    private static List<String> names() {
        return Stream.concat(Stream.of(Component.values()).flatMap(c -> c.ports().stream()), Stream.of(SUPPLIER))
                .toList();
    }

    int of(String name) {
        return byName.get(name);
    }

    int of(Component component) {
        return of(component.id());
    }

    /** Refuses a start whose port another program holds. */
    void requireFree(Component component) {
        for (String name : component.ports()) {
            int port = of(name);
            if (!LoopbackPort.isFree(port)) {
                throw new GranaryException(
                        ErrorCode.RESOURCES,
                        "port " + port + " of " + name
                                + " is taken by another program, or not allowed to this user. Stop that program (`ss -ltnp"
                                + " 'sport = :" + port + "'` names it), or give " + component
                                + " another port: granary up --port "
                                + component + "=NUMBER");
            }
        }
    }

    private static Map<String, Integer> read(Path file) {
        Map<String, Integer> ports = new TreeMap<>();
        if (!Files.exists(file)) {
            return ports;
        }
        try {
            JSON.readTree(Files.readString(file))
                    .required("ports")
                    .fields()
                    .forEachRemaining(e -> ports.put(e.getKey(), e.getValue().intValue()));
            return ports;
        } catch (IOException | IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    file + " is not readable: " + e.getMessage()
                            + ". Remove it; new ports are chosen at the next start.",
                    e);
        }
    }

    private static void write(Path file, Map<String, Integer> ports) {
        ObjectNode root = JSON.createObjectNode().put("cluster_version", 1);
        ObjectNode node = root.putObject("ports");
        ports.forEach(node::put);
        try {
            Path part = file.resolveSibling("cluster.json.part");
            Files.writeString(part, root.toPrettyString() + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }
}
