package io.granary.bench;

import io.granary.simulator.GeneratedProject;
import io.granary.warehouse.config.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a project takes to compile: from nothing, after one model was changed, and when nothing was changed. */
@Command(
        name = "compile",
        mixinStandardHelpOptions = true,
        description = "granary compile of a generated project, without a cluster.")
final class CompileBenchmark implements Callable<Integer> {
    @Mixin
    private Place place;

    @Option(names = "--models", paramLabel = "N", defaultValue = "100", description = "Models (default: 100)")
    private int models;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Rounds (default: 5)")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        Path root = place.home().root();
        Path project = root.resolve("project");
        new GeneratedProject(project).write(models);
        Path changed = project.resolve("subjects/s0/models/ads/ads_s0_site0.sql");
        String sql = Files.readString(changed);
        List<Verbs.Ran> cold = new ArrayList<>();
        List<Verbs.Ran> oneChanged = new ArrayList<>();
        List<Verbs.Ran> unchanged = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Verbs verbs = place.verbs().on(project, new Home(root.resolve("compile" + round)));
            verbs.home().prepare();
            keep(round, cold, verbs.run("compile"));
            keep(round, unchanged, verbs.run("compile"));
            Files.writeString(changed, sql + "-- round " + round + "\n");
            keep(round, oneChanged, verbs.run("compile"));
        }
        System.out.println("granary compile, " + models + " models, " + rounds
                + " rounds after a warm-up; seconds of the whole process, median (range):");
        System.out.println();
        Figures.table(
                System.out,
                List.of("", "wall", "CPU (user + sys)"),
                List.of(row("cold", cold), row("one model changed", oneChanged), row("nothing changed", unchanged)));
        return 0;
    }

    private static void keep(int round, List<Verbs.Ran> into, Verbs.Ran ran) {
        if (round > 0) {
            into.add(ran);
        }
    }

    static List<String> row(String name, List<Verbs.Ran> runs) {
        return List.of(
                name,
                Figures.spread(
                        runs.stream().map(ran -> Figures.seconds(ran.wall())).toList()),
                Figures.spread(
                        runs.stream().map(ran -> Figures.seconds(ran.cpu())).toList()));
    }
}
