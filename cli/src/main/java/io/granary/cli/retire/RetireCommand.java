package io.granary.cli.retire;

import io.granary.cli.project.Catalog;
import io.granary.cli.project.Output;
import io.granary.cli.project.Rows;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.Manifest.SubjectNode;
import io.granary.warehouse.select.Suggestion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary retire}. */
@Command(
        name = "granary retire",
        mixinStandardHelpOptions = true,
        description = {
            "Says what would go with a subject, and who outside it still reads it. Changes nothing.",
            "Exit code 1 when there are readers."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  granary retire ads --plan", "  granary retire ads --plan --output json"})
public final class RetireCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Parameters(paramLabel = "SUBJECT", description = "The subject that is no longer wanted")
    private String subject;

    @Option(names = "--plan", required = true, description = "Only say what would go")
    private boolean plan;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "table, csv or json (default: table)")
    private Output output;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new RetireCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(options.home().manifest());
        known(manifest);
        List<Reader> readers =
                new Readers(new Catalog(manifest), options.hasProject() ? options.project() : null).of(subject);
        List<List<String>> rows = new ArrayList<>(new Belongings(manifest, subject).rows());
        readers.forEach(r -> rows.add(List.of("read by", r.place(), r.name() + " reads " + r.reads())));
        new Rows(List.of("what", "name", "remark"), rows)
                .print(output, spec.commandLine().getOut());
        PrintWriter err = spec.commandLine().getErr();
        if (readers.isEmpty()) {
            err.println("nobody outside " + subject + " reads it; nothing was changed");
            return 0;
        }
        err.println("granary: " + subject + " is still read in " + readers.size()
                + (readers.size() == 1 ? " place" : " places")
                + " (`read by` above). Change those first; nothing was changed.");
        return 1;
    }

    private void known(Manifest manifest) {
        if (manifest.subject(subject).isPresent()) {
            return;
        }
        List<String> known = manifest.subjects().stream().map(SubjectNode::name).toList();
        throw new GranaryException(
                ErrorCode.NOT_FOUND,
                "there is no subject '" + subject + "'. "
                        + Suggestion.nearest(subject, known)
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("Subjects: " + String.join(", ", known) + "."));
    }
}
