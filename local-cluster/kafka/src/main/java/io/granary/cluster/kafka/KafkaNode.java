package io.granary.cluster.kafka;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker that is its own controller (KRaft), on 127.0.0.1 only. */
public final class KafkaNode {
    private KafkaNode() {}

    /**
     * Arguments: data folder, broker port, controller port, file to write the process id to when the broker takes
     * requests.
     */
    public static void main(String[] args) {
        try {
            Path data = Path.of(args[0]);
            run(
                    data,
                    settings(data.resolve("logs"), Integer.parseInt(args[1]), Integer.parseInt(args[2])),
                    Path.of(args[3]));
        } catch (Throwable e) {
            System.err.println("kafka: cannot start");
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(Path data, Properties settings, Path ready) throws Exception {
        Path properties = data.resolve("server.properties");
        Files.createDirectories(data);
        try (Writer out = Files.newBufferedWriter(properties)) {
            settings.store(out, "written at every start");
        }
        if (!Files.exists(data.resolve("logs/meta.properties"))) {
            int code = StorageTool.execute(
                    new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", properties.toString()},
                    System.err);
            if (code != 0) {
                throw new IOException("cannot format " + data + " (code " + code + ")");
            }
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, ready), "kafka-stop"));
        awaitRequests(settings.getProperty("advertised.listeners").replace("PLAINTEXT://", ""));
        announce(ready);
        server.awaitShutdown();
    }

    private static void stop(KafkaRaftServer server, Path ready) {
        try {
            Files.deleteIfExists(ready);
        } catch (IOException e) {
            System.err.println("kafka: " + e);
        }
        server.shutdown();
        System.err.println("kafka: stopped");
    }

    private static void awaitRequests(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.listTopics().names().get(60, TimeUnit.SECONDS);
        }
    }

    private static Properties settings(Path logs, int port, int controllerPort) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("log.dirs", logs.toString());
        // After a kill the controller waits this long before the broker may register again.
        p.put("broker.session.timeout.ms", "3000");
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("num.partitions", "4");
        p.put("offsets.topic.num.partitions", "4");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // A consumer that comes back after weeks still finds its place and its records.
        p.put("log.retention.hours", "720");
        p.put("offsets.retention.minutes", "129600");
        // One chunk may carry one very long line.
        p.put("message.max.bytes", "16777216");
        p.put("replica.fetch.max.bytes", "16777216");
        p.put("log.cleaner.dedupe.buffer.size", "8388608");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        p.put("background.threads", "4");
        return p;
    }

    private static void announce(Path ready) throws IOException {
        Path part = ready.resolveSibling(ready.getFileName() + ".part");
        Files.writeString(part, ProcessHandle.current().pid() + "\n");
        Files.move(part, ready, StandardCopyOption.ATOMIC_MOVE);
        System.err.println("kafka: ready");
    }
}
