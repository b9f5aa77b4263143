package io.granary.bench.flink;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The Yahoo Streaming Benchmark's job on Flink: two slots in this process, object reuse, exactly-once checkpoints every
 * second, JSON by Jackson's streaming parser, counted before the exchange.
 */
public class FlinkStreamPeer implements Consumer<Properties> {
    static final long WINDOW = 10_000;

    private static final int SLOTS = 2;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(1);
    private static final Duration OUT_OF_ORDER = Duration.ofSeconds(1);

    @Override
    public void accept(Properties task) {
        try {
            Campaigns campaigns = Campaigns.read(Path.of(task.getProperty("ads")));
            StreamExecutionEnvironment flink = environment(task);
            DataStream<AdView> views = flink.fromSource(
                    source(task),
                    WatermarkStrategy.<AdView>forBoundedOutOfOrderness(OUT_OF_ORDER)
                            .withTimestampAssigner((view, recorded) -> view.at),
                    "views");
            counted(views, campaigns)
                    .keyBy(count -> count.f0)
                    .window(TumblingEventTimeWindows.of(Duration.ofMillis(WINDOW)))
                    .aggregate(new Sum(), new Name(campaigns))
                    .sinkTo(new RedisCounts(URI.create(task.getProperty("redis"))));
            flink.execute("ysb");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What goes through the exchange: campaign and a number of views, at a time in their window. */
    DataStream<Tuple2<Integer, Long>> counted(DataStream<AdView> views, Campaigns campaigns) {
        return views.transform(
                "local counts",
                TypeInformation.of(new TypeHint<Tuple2<Integer, Long>>() {}),
                new LocalCounts(campaigns));
    }

    private static StreamExecutionEnvironment environment(Properties task) {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, SLOTS);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                Path.of(task.getProperty("folder")).toUri().toString());
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.createLocalEnvironment(SLOTS, configuration);
        flink.getConfig().enableObjectReuse();
        flink.enableCheckpointing(CHECKPOINTS.toMillis(), CheckpointingMode.EXACTLY_ONCE);
        return flink;
    }

    /** Whether by a scanner of this benchmark's instead of Jackson. */
    boolean isScanned() {
        return false;
    }

    private KafkaSource<AdView> source(Properties task) {
        return KafkaSource.<AdView>builder()
                .setBootstrapServers(task.getProperty("kafka"))
                .setTopics(task.getProperty("topic"))
                .setGroupId("flink")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setBounded(OffsetsInitializer.latest())
                .setDeserializer(new AdViewReader(task.getProperty("input").equals("chunks"), isScanned()))
                .setProperty("max.poll.records", task.getProperty("input").equals("chunks") ? "500" : "10000")
                .setProperty("max.partition.fetch.bytes", Integer.toString(4 << 20))
                .setProperty("fetch.max.bytes", Integer.toString(16 << 20))
                .build();
    }

    private static final class Sum implements AggregateFunction<Tuple2<Integer, Long>, Long, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public Long createAccumulator() {
            return 0L;
        }

        @Override
        public Long add(Tuple2<Integer, Long> count, Long sum) {
            return sum + count.f1;
        }

        @Override
        public Long getResult(Long sum) {
            return sum;
        }

        @Override
        public Long merge(Long one, Long other) {
            return one + other;
        }
    }

    private static final class Name extends ProcessWindowFunction<Long, RedisCounts.Count, Integer, TimeWindow> {
        private static final long serialVersionUID = 1;

        private final Campaigns campaigns;

        Name(Campaigns campaigns) {
            this.campaigns = campaigns;
        }

        @Override
        public void process(Integer campaign, Context context, Iterable<Long> sums, Collector<RedisCounts.Count> out) {
            long second = context.window().getStart() / 1000;
            sums.forEach(sum -> out.collect(new RedisCounts.Count(campaigns.name(campaign), second, sum)));
        }
    }
}
