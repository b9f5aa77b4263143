package io.granary.cli.project;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.select.Selector;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code granary ls}. */
@Command(
        name = "granary ls",
        mixinStandardHelpOptions = true,
        description =
                "Lists what the project holds, each after what it reads. Reads the manifest that `compile` wrote.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary ls",
            "  granary ls --select layer:dws",
            "  granary ls --select '+ads_traffic_site_overview' --output csv"
        })
public final class LsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Option(
            names = {"-s", "--select"},
            paramLabel = "SELECTOR",
            description =
                    "name, +name+, 2+name, subject:x, layer:x; a space is or, a comma is and (default: everything)")
    private String select;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new LsCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(options.home().manifest());
        Catalog catalog = new Catalog(manifest);
        List<List<String>> cells = Selector.parse(select).ids(manifest).stream()
                .flatMap(id -> catalog.entry(id).stream())
                .map(e -> List.of(e.name(), e.layer(), e.subject(), e.form(), e.owner()))
                .toList();
        new Rows(List.of("name", "layer", "subject", "materialization", "owner"), cells)
                .print(output.form(), spec.commandLine().getOut());
        return 0;
    }
}
