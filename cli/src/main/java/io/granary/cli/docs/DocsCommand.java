package io.granary.cli.docs;

import io.granary.cli.project.Catalog;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.manifest.Manifest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code granary docs}. */
@Command(
        name = "granary docs",
        mixinStandardHelpOptions = true,
        description = "Writes pages about every table, with columns, tests and lineage. They open without a server.",
        footerHeading = "%nExamples:%n",
        footer = {"  granary docs", "  granary docs --output /var/www/warehouse"})
public final class DocsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Option(names = "--output", paramLabel = "DIR", description = "Where to (default: <home>/target/docs)")
    private Path output;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new DocsCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(options.home().manifest());
        LastRun lastRun =
                LastRun.read(options.home().runResults(), spec.commandLine().getErr());
        ProjectText project = new ProjectText(options.hasProject() ? options.project() : null);
        Path folder = (output == null ? options.home().target().resolve("docs") : output)
                .toAbsolutePath()
                .normalize();
        Site.of(new Catalog(manifest), lastRun, project).write(folder);
        spec.commandLine().getOut().print(folder.resolve("index.html") + "\n");
        spec.commandLine().getOut().flush();
        return 0;
    }
}
