package io.granary.batch.compile;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.manifest.Manifest;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code granary compile}: checks the project and writes its manifest. */
@Command(
        name = "compile",
        mixinStandardHelpOptions = true,
        header = "Checks the whole project and writes target/manifest.json",
        description = "Needs no cluster. All problems are shown at once, as file:line:col  what  hint.")
public final class CompileCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new CompileCommand(), args);
    }

    @Override
    public Integer call() {
        Instant start = Instant.now();
        ManifestFile.Compiled compiled = ManifestFile.compile(options.project(), options.home());
        Manifest manifest = compiled.manifest();
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                Locale.ROOT,
                "%s %s: %d subjects, %d sources, %d models, %d counters, %d exports, %d reports in %.1f s%n",
                compiled.isNew() ? "compiled" : "nothing changed in",
                options.project(),
                manifest.subjects().size(),
                manifest.sources().size(),
                manifest.models().size() - manifest.seeds().size(),
                manifest.counters().size(),
                manifest.exports().size(),
                manifest.reports().size(),
                seconds);
        err.println("manifest: " + options.home().manifest());
        return 0;
    }
}
