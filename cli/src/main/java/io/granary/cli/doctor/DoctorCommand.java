package io.granary.cli.doctor;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code granary doctor}. */
@Command(
        name = "granary doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at this machine, the project and the stores of the profile, and says what is wrong and what to do.",
            "Exit code 1 when something is WRONG."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  granary doctor", "  granary doctor --profile conf/production.yaml"})
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new DoctorCommand(), args);
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(new Machine(options.home()).findings());
        findings.add(project());
        findings.add(manifest());
        findings.addAll(new Stores(options, Duration.ofSeconds(2)).findings());
        PrintWriter out = spec.commandLine().getOut();
        int width = findings.stream().mapToInt(f -> f.what().length()).max().orElse(0);
        for (Finding finding : findings) {
            out.print(String.format("%-7s  %-" + width + "s  %s%n", finding.state(), finding.what(), finding.detail()));
            if (!finding.remedy().isEmpty()) {
                out.print(" ".repeat(7 + 2 + width + 2) + "-> " + finding.remedy() + "\n");
            }
        }
        out.flush();
        boolean wrong = findings.stream().anyMatch(f -> f.state() == Finding.State.WRONG);
        return wrong ? 1 : 0;
    }

    private Finding project() {
        if (!options.hasProject()) {
            return Finding.unknown("project", "none was named", "--project DIR or $GRANARY_PROJECT");
        }
        Path project = options.project().toAbsolutePath().normalize();
        return Files.isDirectory(project.resolve("subjects"))
                ? Finding.ok("project", project.toString())
                : Finding.wrong(
                        "project",
                        project + " has no folder 'subjects'",
                        "name the project's folder with --project, or begin with `granary new subject NAME`");
    }

    private Finding manifest() {
        Path file = options.home().manifest();
        if (!Files.exists(file)) {
            return Finding.warn("manifest", "there is none at " + file, "granary compile");
        }
        try {
            Manifest manifest = Manifest.read(file);
            return Finding.ok(
                    "manifest",
                    manifest.project() + ", " + manifest.models().size() + " models, compiled "
                            + manifest.generatedAt());
        } catch (GranaryException e) {
            return Finding.wrong("manifest", e.getMessage(), "granary compile");
        }
    }
}
