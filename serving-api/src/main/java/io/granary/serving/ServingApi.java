package io.granary.serving;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.RunFile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The verb {@code serving-api}: serves counters and reports over HTTP until it is told to stop. */
@Command(
        name = "serving-api",
        description = "Serves counters and reports over HTTP on 127.0.0.1 until it is stopped.",
        footer = {
            "",
            "Example: granary serving-api --port 8080",
            "Prints one line `serving-api up <address>` on stdout when it answers."
        })
public final class ServingApi implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on (default: the port of `api` in the profile; 0 = any free one)")
    private Integer port;

    public static void main(String[] args) {
        Commands.main(new ServingApi(), args);
    }

    @Override
    public Integer call() throws InterruptedException {
        Profile profile = common.profile();
        int listenOn = port == null ? portOf(profile.api()) : port;
        RunFile ready = new RunFile(common.home().run().resolve("serving-api.ready"));
        ready.end();

        LiveManifest manifest = new LiveManifest(common.home().manifest());
        CounterStore redis = CounterStore.connect(profile.redisAddress());
        ShareDatabases databases = new ShareDatabases(profile);
        ApiServer server = new ApiServer(
                manifest,
                new Counters(manifest, redis),
                new Reports(manifest, databases),
                new Health(redis, databases, profile.share().name(), Clock.systemUTC()));
        Runnable stop = () -> {
            ready.end();
            server.close();
            databases.close();
            redis.close();
        };
        try {
            server.start(listenOn);
        } catch (GranaryException e) {
            stop.run();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop"));
        ready.sayProcess();
        System.out.println("serving-api up http://" + ApiServer.HOST + ":" + server.port());
        System.out.flush();
        // Only a signal ends this process; the hook above then lets running requests finish.
        new CountDownLatch(1).await();
        return 0;
    }

    static int portOf(String api) {
        try {
            int found = URI.create(api).getPort();
            if (found >= 0) {
                return found;
            }
        } catch (IllegalArgumentException e) {
            throw badAddress(api, e);
        }
        throw badAddress(api, null);
    }

    private static GranaryException badAddress(String api, Exception cause) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "the profile's api is '" + api + "', which names no port. Write it as http://127.0.0.1:8080,"
                        + " or give --port.",
                cause);
    }
}
