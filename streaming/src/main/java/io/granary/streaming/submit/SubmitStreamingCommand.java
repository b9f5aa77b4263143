package io.granary.streaming.submit;

import io.granary.streaming.StreamingJob;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.RedisNodes;
import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.SubmittedVerbs.Submission;
import io.granary.tablestore.YarnSettings;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.spark.deploy.SparkSubmit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import redis.clients.jedis.exceptions.JedisException;

/** Puts {@link StreamingJob} on YARN, driver and executors, and returns when YARN has taken it. */
@Command(
        name = "granary submit streaming",
        mixinStandardHelpOptions = true,
        description = {
            "Counts in real time on YARN until the application is killed. Checkpoints, Kafka and Redis are those of the"
                    + " profile; what was killed goes on from its checkpoint when it is submitted again.",
            "Example: granary submit --conf spark.executor.instances=4 streaming"
        })
final class SubmitStreamingCommand implements Callable<Integer> {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** A job for weeks: failures are forgotten after an hour, and a lost master is started again. */
    private static final Map<String, String> FOR_WEEKS = Map.of(
            "spark.yarn.maxAppAttempts", "4",
            "spark.yarn.am.attemptFailuresValidityInterval", "1h",
            "spark.executor.failuresValidityInterval", "1h",
            "spark.yarn.submit.waitAppCompletion", "false");

    private final Submission submission;

    @Mixin
    private CommonOptions options;

    SubmitStreamingCommand(Submission submission) {
        this.submission = submission;
    }

    @Override
    public Integer call() throws Exception {
        String master = submission.master().get().orElse("yarn");
        if (!master.equals("yarn")) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "streaming is submitted to yarn, not to " + master
                            + ". On this machine `granary up --only streaming` runs it.");
        }
        Profile profile = options.profile();
        Path manifest = options.home().manifest();
        List<StreamQuery> queries = StreamQuery.of(Manifest.read(manifest));
        if (queries.isEmpty()) {
            throw new GranaryException(ErrorCode.NOT_FOUND, "the project has no counters: there is nothing to submit.");
        }
        Map<String, String> settings =
                settings(profile, System.getenv(), submission.settings().get());
        awaitNobody(profile, queries);
        String tag = "granary-" + UUID.randomUUID();
        settings.merge("spark.yarn.tags", tag, (theirs, ours) -> theirs + "," + ours);
        Path archive = JobArchive.write(options.profileFile(), manifest, System.getenv());
        try {
            SparkSubmit.main(arguments(settings, archive).toArray(String[]::new));
        } finally {
            Files.deleteIfExists(archive);
        }
        String id = application(settings, tag);
        System.out.println(id);
        System.err.println("granary: streaming is submitted; `granary counters` shows how far it is, `yarn application"
                + " -kill " + id + "` stops it");
        return 0;
    }

    /** The id that YARN gave the application with a tag. */
    private static String application(Map<String, String> settings, String tag) throws IOException, YarnException {
        YarnConfiguration yarn = new YarnConfiguration();
        settings.forEach((key, value) -> {
            if (key.startsWith("spark.hadoop.")) {
                yarn.set(key.substring("spark.hadoop.".length()), value);
            }
        });
        try (YarnClient client = YarnClient.createYarnClient()) {
            client.init(yarn);
            client.start();
            return client.getApplications(null, null, Set.of(tag)).stream()
                    .map(app -> app.getApplicationId().toString())
                    .findFirst()
                    .orElse("APPLICATION");
        }
    }

    static Map<String, String> settings(Profile profile, Map<String, String> environment, Map<String, String> given) {
        Map<String, String> settings = new LinkedHashMap<>(FOR_WEEKS);
        settings.put("spark.app.name", "granary-streaming");
        settings.put("spark.ui.enabled", "false");
        settings.putAll(YarnSettings.of(environment, given).values());
        // a second executor keeps the counters going when a node is lost
        settings.put("spark.executor.instances", "2");
        settings.put("spark.driver.extraJavaOptions", "-Duser.timezone=UTC -XX:+ExitOnOutOfMemoryError" + logging());
        settings.put("spark.executor.extraJavaOptions", "-Duser.timezone=UTC" + logging());
        String replication = HadoopSettings.of(profile).getRaw("dfs.replication");
        if (replication != null) {
            settings.put("spark.hadoop.dfs.replication", replication);
        }
        settings.putAll(given);
        settings.remove("spark.master");
        settings.remove("spark.submit.deployMode");
        return settings;
    }

    private static String logging() {
        String distribution = System.getenv("GRANARY_DIST");
        return distribution == null ? "" : " -Dlog4j2.configurationFile=" + distribution + "/conf/log4j2.properties";
    }

    private static List<String> arguments(Map<String, String> settings, Path archive) {
        List<String> arguments = new ArrayList<>(List.of("--master", "yarn", "--deploy-mode", "cluster"));
        settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
        arguments.addAll(List.of("--archives", archive.toUri() + "#" + JobArchive.FOLDER));
        arguments.addAll(List.of("--class", StreamingJob.class.getName(), "spark-internal"));
        arguments.addAll(List.of("--home", ".", "--profile", JobArchive.PROFILE, "--manifest", JobArchive.MANIFEST));
        return arguments;
    }

    /** Two jobs with the same checkpoints would only hinder each other; one that was just killed is waited for. */
    private static void awaitNobody(Profile profile, List<StreamQuery> queries) throws InterruptedException {
        long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
        try (RedisNodes redis = RedisNodes.open(profile.redisAddress(), ANSWER)) {
            for (StreamQuery query : queries) {
                String address = redis.commands().get(RedisKeys.alive(query.name()));
                while (address != null) {
                    if (System.nanoTime() > deadline) {
                        throw new GranaryException(
                                ErrorCode.BUSY,
                                query.name() + " is counted already, by the process with " + address
                                        + ". Stop it first (`granary down`, `yarn application -kill`).");
                    }
                    Thread.sleep(500);
                    address = redis.commands().get(RedisKeys.alive(query.name()));
                }
            }
        } catch (JedisException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Redis at " + profile.redisAddress() + " does not answer (" + e.getMessage()
                            + "), and the job would only wait for it. See the value of `redis` in the profile.",
                    e);
        }
    }
}
