package io.granary.cli.project;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary new}. */
@Command(
        name = "granary new",
        mixinStandardHelpOptions = true,
        description = "Writes the files of a new subject or model, which compile as they are. Overwrites nothing.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary new subject support",
            "  granary new model dwd dwd_traffic_error_di --subject traffic --from dwd_traffic_hit_di"
        })
public final class NewCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new NewCommand(), args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "new what? `granary new subject` or `granary new model`");
    }

    @Command(name = "subject", mixinStandardHelpOptions = true, description = "Writes subjects/NAME/subject.yaml.")
    void subject(
            @Mixin CommonOptions options,
            @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits and underscores") String name,
            @Option(
                            names = "--owner",
                            paramLabel = "WHO",
                            description = "Who is asked when it is wrong (default: NAME-team)")
                    String owner) {
        Path project = writable(options);
        written(project, new NewSubject(project, name, owner == null ? name + "-team" : owner).write());
        next(
                "say what comes in: subjects/" + name + "/sources/<source>.yaml",
                "granary new model dwd dwd_" + name + "_<process>_di --subject " + name,
                "granary compile");
    }

    @Command(
            name = "model",
            mixinStandardHelpOptions = true,
            description = "Writes a model's SQL and YAML. With --from, it yields the columns of that table.")
    void model(
            @Mixin CommonOptions options,
            @Parameters(index = "0", paramLabel = "LAYER", description = "dim, dwd, dws or ads") String layer,
            @Parameters(index = "1", paramLabel = "NAME", description = "The table's name, such as dws_traffic_page_1d")
                    String name,
            @Option(names = "--subject", required = true, paramLabel = "SUBJECT", description = "Whose model it is")
                    String subject,
            @Option(names = "--from", paramLabel = "TABLE", description = "A table to read") String from) {
        Path project = writable(options);
        written(project, new NewModel(project, layer, name, subject, from).write());
        next("edit both files; the columns of the YAML are those of the SELECT, in order", "granary compile");
    }

    private static Path writable(CommonOptions options) {
        Path project = options.project().toAbsolutePath().normalize();
        String distribution = System.getenv("GRANARY_DIST");
        if (distribution != null
                && project.equals(
                        Path.of(distribution, "warehouse").toAbsolutePath().normalize())) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "the warehouse that came with Granary is not written to. Name your project's folder with --project"
                            + " or $GRANARY_PROJECT.");
        }
        return project;
    }

    private void written(Path project, List<Path> files) {
        PrintWriter out = spec.commandLine().getOut();
        files.forEach(file -> out.print(project.relativize(file).toString().replace('\\', '/') + "\n"));
        out.flush();
    }

    private void next(String... steps) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("next:");
        for (String step : steps) {
            err.println("  " + step);
        }
    }
}
