package io.granary.bench;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A way from log files to Kafka, and on to HDFS. */
enum CollectChain {
    /** Flume as it comes: an event a line, text files. */
    STOCK("stock") {
        @Override
        String properties(Collected at, Verbs verbs, boolean toHdfs) {
            return Resource.text("stock-agent.conf", at.values())
                    + (toHdfs ? Resource.text("stock-sink.conf", at.values()) : "");
        }

        @Override
        List<String> flags(Path dist) {
            return List.of("-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-Duser.timezone=UTC", "-Xmx512m");
        }

        @Override
        Path positions(Collected at) {
            return at.folder().resolve("positions.json");
        }
    },
    /** Granary's agent, as {@code granary agent config} renders it. */
    GRANARY("granary") {
        @Override
        String properties(Collected at, Verbs verbs, boolean toHdfs) throws IOException {
            at.writeProject();
            Home home = at.home();
            home.prepare();
            Files.createDirectories(home.data("flume"));
            Files.copy(verbs.home().profile(), home.profile());
            Verbs own = verbs.on(at.project(), home);
            own.run("compile");
            String rendered = own.text("agent", "config", "--host", "bench");
            return toHdfs
                    ? rendered
                    : rendered.lines()
                            .filter(line -> !line.startsWith("granary.sinks"))
                            .collect(Collectors.joining("\n", "", "\n"));
        }

        @Override
        List<String> flags(Path dist) {
            return List.of("@" + dist.resolve("conf/jvm/flume"));
        }

        @Override
        Path positions(Collected at) {
            return at.home().data("flume").resolve("positions-" + at.source() + ".json");
        }
    };

    private static final Pattern POSITION = Pattern.compile("\"(?:offset|pos)\"\\s*:\\s*(\\d+)");

    private final String agent;

    CollectChain(String agent) {
        this.agent = agent;
    }

    /** Name of the agent in its properties. */
    String agent() {
        return agent;
    }

    /** The agent's properties. */
    abstract String properties(Collected at, Verbs verbs, boolean toHdfs) throws IOException;

    /** JVM flags it is started with: an event a line is Java's own work, which the optimizing compiler pays for. */
    abstract List<String> flags(Path dist);

    /** Where the agent notes how far Kafka has acknowledged. */
    abstract Path positions(Collected at);

    /** Bytes that Kafka has acknowledged. */
    long acknowledged(Collected at) throws IOException {
        Path file = positions(at);
        long sum = 0;
        if (Files.exists(file)) {
            for (Matcher position = POSITION.matcher(Files.readString(file)); position.find(); ) {
                sum += Long.parseLong(position.group(1));
            }
        }
        return sum;
    }

    /**
     * One collection: its files, topic and landing folder have names of their own.
     *
     * @param folder of its own
     * @param name letters and digits
     */
    record Collected(Path folder, String name, Profile profile) {
        /** Where logs appear. */
        Path logs() {
            return folder.resolve("logs");
        }

        String source() {
            return "bench." + name;
        }

        String topic() {
            return "granary." + source();
        }

        String group() {
            return "granary-landing-" + source();
        }

        Home home() {
            return new Home(folder.resolve("home"));
        }

        Path project() {
            return folder.resolve("project");
        }

        Map<String, Object> values() {
            return Map.of(
                    "logs", logs(),
                    "positions", STOCK.positions(this),
                    "kafka", profile.kafka(),
                    "topic", topic(),
                    "group", group(),
                    "landing", profile.fs() + "/granary/landing/" + source());
        }

        void writeProject() throws IOException {
            Path subject = project().resolve("subjects/bench");
            Files.createDirectories(subject.resolve("sources"));
            Files.writeString(subject.resolve("subject.yaml"), Resource.text("collect-subject.yaml", values()));
            Files.writeString(
                    subject.resolve("sources/" + name + ".yaml"), Resource.text("collect-source.yaml", values()));
        }
    }
}
