package io.granary.bench;

import io.granary.tablestore.PartitionSpec;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A build that finds nothing to do. */
@Command(
        name = "noop",
        mixinStandardHelpOptions = true,
        description = "granary build of a day of the reference warehouse that is built already.")
final class NoopBenchmark implements Callable<Integer> {
    private static final String DS = "2026-11-01";

    @Mixin
    private Place place;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Rounds (default: 5)")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        Verbs verbs = place.verbs();
        verbs.run("compile");
        Manifest manifest = Manifest.read(place.home().manifest());
        try (Warehouse warehouse = place.warehouse()) {
            for (SourceNode source : manifest.sources()) {
                warehouse.publishEmpty(
                        source,
                        source.partition().contains("hh")
                                ? PartitionSpec.of("ds", DS, "hh", "07")
                                : PartitionSpec.of("ds", DS));
            }
        }
        // without data tests: the day has no rows
        verbs.run("run", "--ds", DS);
        int built = verbs.results().results().size();
        List<Verbs.Ran> again = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Verbs.Ran ran = verbs.run("build", "--ds", DS);
            if (!ran.output().contains("nothing to do")) {
                throw new GranaryException(ErrorCode.DATA, "the second build found something to do:\n" + ran.output());
            }
            if (round > 0) {
                again.add(ran);
            }
        }
        System.out.println("granary build --ds " + DS + " with " + built + " models up to date, " + rounds
                + " rounds after a warm-up; seconds of the whole process, median (range):");
        System.out.println();
        Figures.table(
                System.out,
                List.of("", "wall", "CPU (user + sys)"),
                List.of(CompileBenchmark.row("no-op build", again)));
        return 0;
    }
}
