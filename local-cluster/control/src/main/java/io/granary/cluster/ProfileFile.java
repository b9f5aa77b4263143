package io.granary.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes where the stores of the local cluster are (docs/contracts.md, section 3). */
final class ProfileFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private ProfileFile() {}

    static void write(Home home, Ports ports) {
        ObjectNode root = YAML.createObjectNode();
        root.put("name", "local");
        root.put("region", "local");
        root.put("fs", "hdfs://127.0.0.1:" + ports.of(Component.HDFS));
        root.put("metastore", "thrift://127.0.0.1:" + ports.of(Component.METASTORE));
        root.put("sql", "jdbc:hive2://127.0.0.1:" + ports.of(Component.THRIFTSERVER) + "/");
        root.put("kafka", "127.0.0.1:" + ports.of(Component.KAFKA));
        root.put("redis", "redis://127.0.0.1:" + ports.of(Component.REDIS));
        root.put("api", "http://127.0.0.1:" + ports.of(Component.SERVING_API));
        root.put("share", "share");
        root.putObject("streaming").put("metrics", "127.0.0.1:" + ports.of(Component.STREAMING));
        ObjectNode connections = root.putObject("connections");
        for (String database : new String[] {"share", "shop"}) {
            connections
                    .putObject(database)
                    .put("type", "mariadb")
                    .put("host", "127.0.0.1")
                    .put("port", ports.of(Component.MARIADB))
                    .put("database", database)
                    .put("user", MariaDbServer.USER)
                    .put("password", "${file:secrets/" + MariaDbServer.SECRET + "}");
        }
        root.putObject("vars")
                .put("demo_logs", home.demo().resolve("logs").toString())
                .put("inbox", home.inbox().toString());
        Path file = home.profile();
        try {
            Path part = file.resolveSibling("profile.yaml.part");
            Files.writeString(
                    part,
                    "# Written by `granary up` at every start. For your own stores make another file and name it with"
                            + " --profile.\n" + YAML.writeValueAsString(root));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }
}
