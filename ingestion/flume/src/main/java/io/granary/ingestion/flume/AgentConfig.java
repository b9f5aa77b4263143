package io.granary.ingestion.flume;

import io.granary.ingestion.flume.poll.PollConfig;
import io.granary.ingestion.flume.poll.TablePollSource;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.LogFiles;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The agent's properties: for each log source a {@link LogTailSource}, a Kafka channel on the source's topic, and a sink
 * that lands the channel in HDFS. The same project, profile and place give the same text.
 *
 * @param partitions of topics that exist; others have {@link #PARTITIONS}
 */
record AgentConfig(Profile profile, AgentPlace place, Map<String, Integer> partitions) {
    /** The agent's name in its properties. */
    static final String AGENT = "granary";
    /** Partitions of a topic that the agent makes. */
    static final int PARTITIONS = 4;

    private static final int PARTITION_FETCH_BYTES = 4 * 1024 * 1024;
    private static final int KAFKA_BATCH_BYTES = 512 * 1024;
    private static final long ROLL_BYTES = 128L * 1024 * 1024;
    private static final Duration ROLL = Duration.ofMinutes(15);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration HDFS_CALL = Duration.ofSeconds(30);
    private static final Duration CHANNEL_POLL = Duration.ofMillis(200);

    AgentConfig {
        partitions = Map.copyOf(partitions);
    }

    /** The log sources of a project, by name. */
    static List<SourceNode> logSources(Manifest manifest) {
        return manifest.sources().stream()
                .filter(SourceNode::isLog)
                .sorted(Comparator.comparing(SourceNode::qualifiedName))
                .toList();
    }

    /** The properties, as {@code flume-ng agent -n granary -f …} reads them. */
    String render(Manifest manifest) {
        List<SourceNode> sources = collected(manifest);
        List<String> names = sources.stream().map(AgentConfig::component).toList();
        Lines out = new Lines();
        out.comment("Collects the log sources of project " + manifest.project() + ". Written by Granary: change the"
                + " project's sources instead.");
        out.set(AGENT + ".sources", String.join(" ", names));
        out.set(AGENT + ".channels", String.join(" ", names));
        out.set(AGENT + ".sinks", String.join(" ", names));
        for (SourceNode source : sources) {
            out.comment(source.qualifiedName());
            source(out, source);
            channel(out, source);
            sink(out, source);
        }
        return out.toString();
    }

    /**
     * The sources that an agent here collects.
     *
     * @throws GranaryException when there is none, or one names a host group that the profile has not
     */
    List<SourceNode> collected(Manifest manifest) {
        List<SourceNode> all = logSources(manifest);
        all.forEach(source -> source.files().forEach(files -> requireGroup(source, files)));
        all.stream().filter(source -> source.poll() != null).forEach(this::requireOneMachine);
        List<SourceNode> here = all.stream()
                .filter(source ->
                        hasInbox(source) || isPolled(source) || !files(source).isEmpty())
                .toList();
        if (here.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "project " + manifest.project() + " has no source of type log to collect"
                            + (place.group() == null ? "" : " on host group '" + place.group() + "'"));
        }
        return here;
    }

    private void requireGroup(SourceNode source, LogFiles files) {
        if (files.hosts() != null && !profile.hostGroups().containsKey(files.hosts())) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + ", site " + files.site() + ": hosts is '" + files.hosts()
                            + "', and profile " + profile.name() + " has no such host group; host_groups has "
                            + profile.hostGroups().keySet());
        }
    }

    /** Two agents that poll a table would send its rows twice, as rows of two hosts. */
    private void requireOneMachine(SourceNode source) {
        String group = source.poll().hosts();
        List<String> machines =
                group == null ? List.of("") : profile.hostGroups().get(group);
        if (machines == null || machines.size() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + ": poll.hosts is '" + group + "', and host_groups of profile "
                            + profile.name() + " has "
                            + (machines == null ? "no such group" : machines.size() + " machines in it")
                            + "; a table is polled by one machine: name a group of one");
        }
    }

    private boolean isPolled(SourceNode source) {
        return source.poll() != null
                && (place.group() == null || place.group().equals(source.poll().hosts()));
    }

    /** The files of a source that are here. */
    private List<LogFiles> files(SourceNode source) {
        return source.files().stream()
                .filter(f ->
                        place.group() == null || f.hosts() == null || f.hosts().equals(place.group()))
                .toList();
    }

    private void source(Lines out, SourceNode source) {
        String at = AGENT + ".sources." + component(source) + ".";
        out.set(at + "type", (source.poll() == null ? LogTailSource.class : TablePollSource.class).getName());
        out.set(at + "channels", component(source));
        out.set(at + "source", source.qualifiedName());
        out.set(at + "region", profile.region());
        out.set(at + "host", place.host());
        out.set(at + "positionFile", place.positionFile(source));
        out.set(at + "partitions", partitions.getOrDefault(source.topic(), PARTITIONS));
        out.set(at + "chunkBytes", TailSettings.CHUNK_BYTES);
        out.set(at + "flushMs", TailSettings.FLUSH.toMillis());
        if (source.poll() == null) {
            files(out, at, source);
        } else {
            PollConfig.of(source, profile, place.journal(source)).forEach((name, value) -> out.set(at + name, value));
        }
    }

    private void files(Lines out, String at, SourceNode source) {
        List<LogFiles> here = files(source);
        List<String> sets = new ArrayList<>();
        for (int i = 1; i <= here.size(); i++) {
            sets.add("f" + i);
        }
        if (hasInbox(source)) {
            sets.add("inbox");
        }
        out.set(at + "files", String.join(" ", sets));
        for (int i = 1; i <= here.size(); i++) {
            LogFiles files = here.get(i - 1);
            out.set(at + "files.f" + i + ".site", files.site());
            out.set(at + "files.f" + i + ".glob", glob(source, files));
            out.set(at + "files.f" + i + ".identity", "inode");
        }
        if (hasInbox(source)) {
            out.set(at + "files.inbox.glob", place.inbox(source) + "/*/*.log");
            out.set(at + "files.inbox.identity", "name");
        }
    }

    private void channel(Lines out, SourceNode source) {
        String at = AGENT + ".channels." + component(source) + ".";
        out.set(at + "type", "org.apache.flume.channel.kafka.KafkaChannel");
        out.set(at + "kafka.bootstrap.servers", profile.kafka());
        out.set(at + "kafka.topic", source.topic());
        out.set(at + "parseAsFlumeEvent", true);
        out.set(at + "partitionIdHeader", "partition");
        out.set(at + "kafka.pollTimeout", CHANNEL_POLL.toMillis());
        String producer = at + "kafka.producer.";
        out.set(producer + "acks", "all");
        out.set(producer + "enable.idempotence", true);
        out.set(producer + "compression.type", "lz4");
        out.set(producer + "linger.ms", 5);
        out.set(producer + "batch.size", KAFKA_BATCH_BYTES);
        out.comment("Wait for Kafka however long it is away: a chunk given up would leave a hole before the next one.");
        out.set(producer + "delivery.timeout.ms", Integer.MAX_VALUE);
        out.set(producer + "max.block.ms", Long.MAX_VALUE);
        String consumer = at + "kafka.consumer.";
        out.set(consumer + "group.id", landingGroup(source));
        out.comment("A member of its own name: an agent that starts again takes its partitions over at once.");
        out.set(consumer + "group.instance.id", place.host());
        out.set(consumer + "auto.offset.reset", "earliest");
        out.set(consumer + "max.partition.fetch.bytes", PARTITION_FETCH_BYTES);
    }

    private void sink(Lines out, SourceNode source) {
        String at = AGENT + ".sinks." + component(source) + ".";
        out.set(at + "type", "hdfs");
        out.set(at + "channel", component(source));
        out.set(at + "serializer", "avro_event");
        out.set(at + "serializer.compressionCodec", "snappy");
        String hdfs = at + "hdfs.";
        out.set(hdfs + "path", profile.fs() + "/granary/landing/" + source.qualifiedName() + "/%{landing}");
        out.set(hdfs + "filePrefix", place.landingPrefix());
        out.set(hdfs + "fileSuffix", ".avro");
        out.set(hdfs + "fileType", "DataStream");
        out.set(hdfs + "rollInterval", ROLL.toSeconds());
        out.set(hdfs + "rollSize", ROLL_BYTES);
        out.set(hdfs + "rollCount", 0);
        out.set(hdfs + "idleTimeout", IDLE.toSeconds());
        out.set(hdfs + "batchSize", 32);
        out.set(hdfs + "minBlockReplicas", 1);
        out.set(hdfs + "callTimeout", HDFS_CALL.toMillis());
    }

    private String glob(SourceNode source, LogFiles files) {
        String glob = profile.resolve(files.glob());
        if (!glob.startsWith("/")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + ", site " + files.site() + ": glob '" + files.glob() + "' is '"
                            + glob + "', not an absolute path. Change it, or the profile's vars.");
        }
        return glob;
    }

    private boolean hasInbox(SourceNode source) {
        return place.group() == null && Boolean.TRUE.equals(source.inbox());
    }

    /** The consumer group that lands a source's topic. */
    static String landingGroup(SourceNode source) {
        return "granary-landing-" + source.qualifiedName();
    }

    /** A name for Flume's components: dots have a meaning in its properties, and '-' is in no source's name. */
    private static String component(SourceNode source) {
        return source.subject() + "-" + source.name();
    }

    /** Text of a properties file. */
    private static final class Lines {
        private final StringBuilder text = new StringBuilder();

        void comment(String words) {
            text.append("# ").append(words).append('\n');
        }

        void set(String key, Object value) {
            text.append(key)
                    .append(" = ")
                    .append(value.toString().replace("\\", "\\\\"))
                    .append('\n');
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
