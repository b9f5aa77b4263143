package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How each component is started. */
final class Programs {
    private final Home home;
    private final Distribution distribution;
    private final Path project;
    private final Ports ports;

    Programs(Home home, Distribution distribution, Path project, Ports ports) {
        this.home = home;
        this.distribution = distribution;
        this.project = project;
        this.ports = ports;
    }

    /**
     * Prepares the component's folders and gives its process.
     *
     * @param recordClasses let a Java component write the archive of its classes when it ends, if there is none yet
     */
    Program of(Component component, boolean recordClasses) {
        Path data = folder(component);
        return switch (component) {
            case REDIS -> new RedisServer(data).program(ports.of(component));
            case MARIADB -> new MariaDbServer(data, new Secrets(home)).program(ports.of(component));
            default ->
                new Program(
                        java(component, data, recordClasses),
                        data,
                        Map.of(
                                "GRANARY_DIST", distribution.root().toString(),
                                "SPARK_LOCAL_IP", "127.0.0.1",
                                "LC_ALL", "C.UTF-8"));
        };
    }

    /** Where the archive of the component's classes is once it was recorded; empty for what is no Java program. */
    Optional<Path> archive(Component component) {
        if (component == Component.REDIS || component == Component.MARIADB) {
            return Optional.empty();
        }
        return Optional.of(distribution.archive(component, distribution.classPath(groups(component))));
    }

    private List<String> java(Component component, Path data, boolean recordClasses) {
        List<String> groups = groups(component);
        String classPath = distribution.classPath(groups);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(distribution.flags(groups));
        command.addAll(tuning(component));
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:-UsePerfData");
        command.add("-Djava.io.tmpdir=" + data.resolve("tmp"));
        Path archive = distribution.archive(component, classPath);
        if (Files.isReadable(archive)) {
            command.add("-Xshare:auto");
            command.add("-XX:SharedArchiveFile=" + archive);
        } else if (recordClasses) {
            command.add("-XX:ArchiveClassesAtExit=" + recording(component));
        }
        command.add("-cp");
        command.add(classPath);
        command.addAll(main(component, data));
        return command;
    }

    /** Where a process writes its archive when it ends; moved to the distribution when it is whole. */
    Path recording(Component component) {
        return home.data(component.id()).resolve("classes.jsa");
    }

    private static List<String> groups(Component component) {
        return switch (component) {
            case METASTORE, THRIFTSERVER -> List.of("spark");
            case STREAMING -> List.of("streaming", "spark");
            case SERVING_API -> List.of("serving");
            default -> List.of(component.id());
        };
    }

    /** Small heaps and the quick compiler alone: on two cores the optimizing one costs more than it gives back within minutes. */
    private static List<String> tuning(Component component) {
        return switch (component) {
            case THRIFTSERVER -> List.of("-Xmx1536m", "-XX:TieredStopAtLevel=1");
            case STREAMING -> List.of("-Xmx1g", "-XX:TieredStopAtLevel=1");
            case SERVING_API -> List.of("-Xmx192m", "-XX:TieredStopAtLevel=1");
            default -> List.of("-Xmx384m", "-XX:TieredStopAtLevel=1");
        };
    }

    private List<String> main(Component component, Path data) {
        String fs = "hdfs://127.0.0.1:" + ports.of(Component.HDFS);
        String port = component.hasPort() ? String.valueOf(ports.of(component)) : "";
        String ready = ready(home, component).toString();
        return switch (component) {
            case HDFS -> List.of("io.granary.cluster.hdfs.HdfsNode", data.toString(), port, ready);
            case KAFKA ->
                List.of(
                        "io.granary.cluster.kafka.KafkaNode",
                        data.toString(),
                        port,
                        String.valueOf(ports.of("kafka-controller")),
                        ready);
            case METASTORE -> List.of("io.granary.cluster.hive.Metastore", data.toString(), port, fs, ready);
            case THRIFTSERVER ->
                List.of(
                        "io.granary.cluster.hive.ThriftServer",
                        data.toString(),
                        port,
                        fs,
                        "thrift://127.0.0.1:" + ports.of(Component.METASTORE),
                        ready);
            case FLUME -> ours("io.granary.ingestion.flume.FlumeAgent");
            case STREAMING -> ours("io.granary.streaming.StreamingJob");
            case SERVING_API -> ours("io.granary.serving.ServingApi", "--port", port);
            case REDIS, MARIADB -> throw new IllegalArgumentException(component + " is no Java program");
        };
    }

    private List<String> ours(String main, String... more) {
        List<String> words = new ArrayList<>(List.of(
                main,
                "--home",
                home.root().toString(),
                "--project",
                project.toAbsolutePath().toString(),
                "--profile",
                home.profile().toString()));
        words.addAll(List.of(more));
        return words;
    }

    /** The file in which a Java component says, by its process id, that it takes requests. */
    static Path ready(Home home, Component component) {
        return home.run().resolve(component.id() + ".ready");
    }

    /** The component's data folder, with an empty folder for temporary files in it. */
    private Path folder(Component component) {
        Path data = home.data(component.id());
        Path tmp = data.resolve("tmp");
        try {
            if (Files.isDirectory(tmp)) {
                List<Path> old;
                try (Stream<Path> files = Files.walk(tmp)) {
                    old = files.sorted(Comparator.reverseOrder()).toList();
                }
                for (Path file : old) {
                    Files.delete(file);
                }
            }
            Files.createDirectories(tmp);
            return data;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot prepare " + tmp + ": " + e, e);
        }
    }
}
