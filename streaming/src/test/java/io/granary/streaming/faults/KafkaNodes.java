package io.granary.streaming.faults;

import io.granary.streaming.JavaProcess;
import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/** A Kafka of three brokers that are controllers too; every partition is on all of them. */
final class KafkaNodes implements AutoCloseable {
    private static final int NODES = 3;

    private final Path folder;
    private final List<Integer> ports = ports();
    private final List<Integer> controllers = ports();
    private final List<JavaProcess> nodes = new ArrayList<>();

    KafkaNodes(Path folder) throws Exception {
        this.folder = folder;
        String cluster = Uuid.randomUuid().toString();
        List<JavaProcess> formats = new ArrayList<>();
        for (int id = 1; id <= NODES; id++) {
            Path settings = write(id);
            JavaProcess format =
                    java("kafka.tools.StorageTool", id, "format", "-t", cluster, "-c", settings.toString());
            format.start();
            formats.add(format);
            nodes.add(java("kafka.Kafka", id, settings.toString()));
        }
        for (JavaProcess format : formats) {
            format.awaitEnd();
        }
        for (JavaProcess node : nodes) {
            node.start();
        }
    }

    private static List<Integer> ports() {
        return IntStream.range(0, NODES).mapToObj(i -> LoopbackPort.anyFree()).toList();
    }

    private JavaProcess java(String main, int id, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(main));
        all.addAll(List.of(words));
        return new JavaProcess(
                JavaProcess.distribution("kafka"),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                all,
                folder.resolve("node-" + id + ".log"));
    }

    private Path write(int id) throws IOException {
        Properties p = new Properties();
        String own = "PLAINTEXT://127.0.0.1:" + ports.get(id - 1);
        p.put("process.roles", "broker,controller");
        p.put("node.id", "" + id);
        p.put(
                "controller.quorum.voters",
                IntStream.range(0, NODES)
                        .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers.get(i))
                        .collect(Collectors.joining(",")));
        p.put("listeners", own + ",CONTROLLER://127.0.0.1:" + controllers.get(id - 1));
        p.put("advertised.listeners", own);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("log.dirs", folder.resolve("node-" + id).toString());
        p.put("broker.session.timeout.ms", "3000");
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("default.replication.factor", "" + NODES);
        p.put("min.insync.replicas", "2");
        p.put("offsets.topic.replication.factor", "" + NODES);
        p.put("offsets.topic.num.partitions", "4");
        p.put("log.cleaner.dedupe.buffer.size", "8388608");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "2");
        p.put("background.threads", "2");
        Path file = folder.resolve("node-" + id + ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            p.store(out, null);
        }
        return file;
    }

    String bootstrap() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap()));
    }

    /** Waits until all brokers take part. */
    void awaitAll() throws Exception {
        try (Admin admin = admin()) {
            while (admin.describeCluster().nodes().get().size() < NODES) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** The broker that leads a partition; nothing while none does. */
    Optional<Integer> leader(String topic, int partition) throws Exception {
        try (Admin admin = admin()) {
            return partitions(admin, topic).stream()
                    .filter(p -> p.partition() == partition && p.leader() != null)
                    .map(p -> p.leader().id())
                    .filter(id -> id > 0)
                    .findFirst();
        }
    }

    /** As kill -9. */
    void kill(int id) throws InterruptedException {
        nodes.get(id - 1).kill();
    }

    void start(int id) throws IOException {
        nodes.get(id - 1).start();
    }

    /** Waits until every broker has every partition, and gives each back to the one that led it first. */
    void settle(String topic) throws Exception {
        try (Admin admin = admin()) {
            Collection<TopicPartitionInfo> all = partitions(admin, topic);
            while (all.stream().anyMatch(p -> p.isr().size() < NODES)) {
                TimeUnit.MILLISECONDS.sleep(100);
                all = partitions(admin, topic);
            }
            Set<TopicPartition> moved = all.stream()
                    .filter(p -> !Node.noNode().equals(p.leader())
                            && p.leader().id() != p.replicas().get(0).id())
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .collect(Collectors.toSet());
            if (!moved.isEmpty()) {
                admin.electLeaders(ElectionType.PREFERRED, moved).all().get();
            }
        }
    }

    private static Collection<TopicPartitionInfo> partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions();
    }

    @Override
    public void close() throws InterruptedException {
        for (JavaProcess node : nodes) {
            node.kill();
        }
    }
}
