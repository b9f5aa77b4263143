package io.granary.ingestion.flume;

import io.granary.ingestion.flume.poll.TablePollSource;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.RunFile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.flume.Context;
import org.apache.flume.conf.ConfigurationException;
import org.apache.flume.lifecycle.LifecycleAware;
import org.apache.flume.lifecycle.LifecycleState;
import org.apache.flume.node.Application;
import org.apache.flume.node.MaterializedConfiguration;
import org.apache.flume.node.PropertiesFileConfigurationProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code granary flume}: collects the log sources of the compiled project until it is told to stop. While it collects,
 * {@code <home>/run/flume.ready} holds its process id.
 */
@Command(
        name = "flume",
        description = "Runs the Flume agent that collects the log sources of the compiled project.",
        mixinStandardHelpOptions = true)
public final class FlumeAgent implements Callable<Integer> {
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(100);

    @Mixin
    private CommonOptions common;

    @Mixin
    private AgentOptions options;

    public static void main(String[] args) {
        Commands.main(new FlumeAgent(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = common.home();
        RunFile ready = new RunFile(home.run().resolve("flume.ready"));
        Files.createDirectories(home.data("flume"));
        try (FileChannel lockFile = FileChannel.open(
                        home.data("flume").resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(lockFile, home)) {
            ready.end();
            MaterializedConfiguration agent = configure(home, common.profile());
            Application application = new Application();
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(application, ready, stopped), "stop-agent"));
            application.handleConfigurationEvent(agent);
            application.start();
            awaitStart(agent);
            ready.sayProcess();
            System.err.println("flume agent up");
            stopped.await();
            return lock.isValid() ? 0 : 1;
        }
    }

    private MaterializedConfiguration configure(Home home, Profile profile) throws IOException {
        Manifest manifest = Manifest.read(home.manifest());
        AgentPlace place = AgentPlace.home(home, options.host());
        List<SourceNode> sources = new AgentConfig(profile, place, Map.of()).collected(manifest);
        for (SourceNode source : sources) {
            // a broken one ends here, with its name
            new PositionFile(Path.of(place.positionFile(source))).load();
            if (Boolean.TRUE.equals(source.inbox())) {
                Files.createDirectories(place.inbox(source));
            }
        }
        Map<String, Integer> partitions = Topics.ensure(
                profile.kafka(), sources.stream().map(SourceNode::topic).toList(), AgentConfig.PARTITIONS);
        Agents.requireOnly(
                profile.kafka(), sources.stream().map(AgentConfig::landingGroup).toList(), place.host());
        String text = new AgentConfig(profile, place, partitions).render(manifest);
        Path file = home.data("flume").resolve("agent.conf");
        Files.writeString(file, text);
        System.setProperty(AgentPlace.STARTED, Long.toString(Instant.now().toEpochMilli()));
        PropertiesFileConfigurationProvider provider =
                new PropertiesFileConfigurationProvider(AgentConfig.AGENT, file.toFile());
        requireSettings(provider, file);
        MaterializedConfiguration agent = provider.getConfiguration();
        if (agent.getSourceRunners().size() != sources.size()
                || agent.getSinkRunners().size() != sources.size()
                || agent.getChannels().size() != sources.size()) {
            throw new GranaryException(
                    ErrorCode.INTERNAL,
                    "Flume refused a part of " + file + "; the log says which, look for 'Removed' and 'error'");
        }
        return agent;
    }

    /** A wrong setting ends here, with its name; Flume would leave that source out. */
    private static void requireSettings(PropertiesFileConfigurationProvider provider, Path file) {
        try {
            provider.getFlumeConfiguration()
                    .getConfigurationFor(AgentConfig.AGENT)
                    .getSourceContext()
                    .values()
                    .forEach(FlumeAgent::requireSettings);
        } catch (ConfigurationException e) {
            throw new GranaryException(ErrorCode.DEFINITION, file + ": " + e.getMessage(), e);
        }
    }

    private static void requireSettings(Context source) {
        if (source.getString("type").equals(TablePollSource.class.getName())) {
            TablePollSource polled = new TablePollSource();
            polled.setName("check");
            polled.configure(source);
        } else {
            TailSettings.of(source);
        }
    }

    private static void awaitStart(MaterializedConfiguration agent) throws InterruptedException {
        List<LifecycleAware> parts = Stream.<LifecycleAware>concat(
                        Stream.concat(agent.getChannels().values().stream(), agent.getSinkRunners().values().stream()),
                        agent.getSourceRunners().values().stream())
                .toList();
        Instant deadline = Instant.now().plus(START);
        while (!parts.stream().allMatch(part -> part.getLifecycleState() == LifecycleState.START)) {
            if (Instant.now().isAfter(deadline)) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "the agent's parts did not start within " + START.toSeconds() + " s: "
                                + parts.stream()
                                        .filter(part -> part.getLifecycleState() != LifecycleState.START)
                                        .toList());
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    /**
     * Stops sources, then sinks, then channels. A store that is away may hold a part up for ever: after a while the
     * process ends all the same, as a kill would end it, and the next agent sends again what was not acknowledged.
     */
    private static void stop(Application application, RunFile ready, CountDownLatch stopped) {
        try {
            ready.end();
            Thread stopping = new Thread(application::stop, "stop-parts");
            stopping.setDaemon(true);
            stopping.start();
            stopping.join(STOP.toMillis());
            if (stopping.isAlive()) {
                System.err.println("granary: the agent did not stop within " + STOP.toSeconds()
                        + " s, is Kafka or HDFS away? It ends now; nothing is lost.");
                Runtime.getRuntime().halt(1);
            }
        } catch (GranaryException e) {
            System.err.println("granary: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    private static FileLock lock(FileChannel file, Home home) throws IOException {
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            // held by this process: reported as any other holder
        }
        if (lock == null) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "an agent already collects for state folder " + home.root()
                            + ". Stop it first, or give another --home.");
        }
        return lock;
    }
}
