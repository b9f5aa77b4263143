package io.granary.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** CPU time of the cluster's servers: on a busy machine it says more than the clock. */
final class ClusterCpu {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> SERVERS = List.of("hdfs", "metastore", "thriftserver");

    private final List<ProcessHandle> processes;
    private Duration last;

    ClusterCpu(Home home) {
        this(home, SERVERS);
    }

    ClusterCpu(Home home, List<String> servers) {
        processes = servers.stream().map(server -> process(home, server)).toList();
        last = total();
    }

    private static ProcessHandle process(Home home, String server) {
        try {
            long pid = JSON.readTree(home.run().resolve(server + ".json").toFile())
                    .path("pid")
                    .asLong();
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Duration total() {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElseThrow())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Seconds since the last call, or since this began. */
    double sinceLast() {
        Duration now = total();
        double seconds = Figures.seconds(now.minus(last));
        last = now;
        return seconds;
    }
}
