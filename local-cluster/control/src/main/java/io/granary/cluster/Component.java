package io.granary.cluster;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processes of the local cluster. */
public enum Component {
    HDFS(300),
    MARIADB(190),
    REDIS(20),
    KAFKA(300),
    METASTORE(350),
    THRIFTSERVER(1100, METASTORE, HDFS),
    FLUME(350, KAFKA, HDFS),
    STREAMING(900, KAFKA, HDFS, REDIS),
    SERVING_API(200, REDIS, MARIADB);

    private final int memory;
    private final Set<Component> needs;

    Component(int memory, Component... needs) {
        this.memory = memory;
        this.needs = Set.of(needs);
    }

    /** The name people type and files carry, such as {@code serving-api}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What must take requests before this component starts. */
    Set<Component> needs() {
        return needs;
    }

    /** Memory it holds when it works, in MiB (measured). */
    int memory() {
        return memory;
    }

    /** Whether it reads the manifest when it starts. */
    boolean readsManifest() {
        return this == FLUME || this == STREAMING || this == SERVING_API;
    }

    /** Whether others connect to a port of it. */
    boolean hasPort() {
        return this != FLUME;
    }

    /** The names of its ports in cluster.json; the first one is the one others connect to. */
    List<String> ports() {
        if (!hasPort()) {
            return List.of();
        }
        return this == KAFKA ? List.of(id(), id() + "-controller") : List.of(id());
    }

    Optional<String> mainPort() {
        return ports().stream().findFirst();
    }

    /** All of them. */
    public static Set<Component> all() {
        return EnumSet.allOf(Component.class);
    }

    /**
     * The component of this name.
     *
     * @throws GranaryException when there is none
     */
    public static Component of(String id) {
        return Stream.of(values())
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.USAGE,
                        "there is no component '" + id + "'; components: "
                                + Stream.of(values()).map(Component::id).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return id();
    }
}
