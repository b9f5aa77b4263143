package io.granary.bench;

import io.granary.warehouse.command.Commands;
import picocli.CommandLine.Command;

/** The benchmarks; {@code bench/run} starts it with a cluster of its own. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "BENCHMARK",
        description =
                "Measures Granary on this machine. Each benchmark starts a local cluster of its own, and removes it.",
        subcommands = {
            EngineBenchmark.class,
            CallsBenchmark.class,
            CompileBenchmark.class,
            NoopBenchmark.class,
            CollectBenchmark.class,
            LatencyBenchmark.class,
            FunctionsBenchmark.class,
            ParseBenchmark.class,
            StreamBenchmark.class,
            StreamCostBenchmark.class,
            StreamLatencyBenchmark.class,
            TransferBenchmark.class
        })
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        Commands.main(new Bench(), args);
    }
}
