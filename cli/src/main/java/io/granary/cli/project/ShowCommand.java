package io.granary.cli.project;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.select.Graph;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary show}. */
@Command(
        name = "granary show",
        mixinStandardHelpOptions = true,
        description =
                "Shows a model: what it says about itself, its columns, tests and lineage, and SQL that can be run.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary show dws_traffic_site_1d",
            "  granary show dws_traffic_site_1d --ds 2026-11-20 --sql > day.sql"
        })
public final class ShowCommand implements Callable<Integer> {
    private final Clock clock;

    @Mixin
    private CommonOptions options;

    @Parameters(paramLabel = "MODEL", description = "A model's name, with or without its database")
    private String model;

    @Option(names = "--ds", paramLabel = "DAY", description = "The day that :ds stands for (default: yesterday)")
    private LocalDate ds;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "The value of another parameter of the SQL")
    private Map<String, String> values = Map.of();

    @Option(names = "--sql", description = "Print the SQL alone")
    private boolean sqlOnly;

    @Spec
    private CommandSpec spec;

    public ShowCommand() {
        this(Clock.systemUTC());
    }

    ShowCommand(Clock clock) {
        this.clock = clock;
    }

    public static void main(String[] args) {
        Commands.main(new ShowCommand(), args);
    }

    @Override
    public Integer call() {
        Catalog catalog = new Catalog(Manifest.read(options.home().manifest()));
        ModelNode node = catalog.model(model);
        String day = day(catalog.manifest(), node).toString();
        Map<String, String> bound = new TreeMap<>(Map.of("ds", day));
        bound.putAll(values);
        String sql = SqlTokens.bind(node.sql(), bound, node.file()).strip();
        PrintWriter out = spec.commandLine().getOut();
        if (!sqlOnly) {
            about(node, out);
            lineage(catalog, node.id(), out);
            out.print("\nSQL of ds = " + day + "\n");
        }
        out.print(sql + "\n");
        out.flush();
        return 0;
    }

    private LocalDate day(Manifest manifest, ModelNode node) {
        if (ds != null) {
            return ds;
        }
        ZoneId zone = ZoneId.of(
                manifest.subject(node.subject()).map(SubjectNode::timeZone).orElse("UTC"));
        return LocalDate.now(clock.withZone(zone)).minusDays(1);
    }

    private static void about(ModelNode node, PrintWriter out) {
        out.print(node.table() + "\n" + node.description() + "\n\n");
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("subject", node.subject()));
        facts.add(List.of("owner", node.owner()));
        facts.add(List.of("grain", node.grain() + " (unique: " + String.join(", ", node.unique()) + ")"));
        facts.add(List.of("built", node.materialization() + partitions(node)));
        facts.add(List.of("access", node.access() + (node.streamable() ? ", streamable" : "")));
        facts.add(List.of("file", node.file()));
        new Rows(List.of(), facts).printBody("", out);
        out.print("\nColumns\n");
        List<List<String>> columns = new ArrayList<>();
        node.columns().forEach(c -> columns.add(List.of(c.name(), c.type(), text(c.description()))));
        node.partition().forEach(p -> columns.add(List.of(p, "string", "Partition.")));
        new Rows(List.of(), columns).printBody("  ", out);
        out.print("\nTests\n");
        new Rows(List.of(), ModelTests.of(node)).printBody("  ", out);
    }

    private static String partitions(ModelNode node) {
        return node.partition().isEmpty() ? "" : " by " + String.join(", ", node.partition());
    }

    private static void lineage(Catalog catalog, String id, PrintWriter out) {
        Graph graph = Graph.of(catalog.manifest());
        out.print("\nReads\n");
        Tree.grow(id, at -> List.copyOf(graph.ancestors(at, 1)), at -> label(catalog, at))
                .printBranches("  ", out);
        out.print("\nRead by\n");
        Tree readers = Tree.grow(id, at -> List.copyOf(graph.descendants(at, 1)), at -> label(catalog, at));
        readers.printBranches("  ", out);
        if (readers.branches().isEmpty()) {
            out.print("  nobody\n");
        }
    }

    private static String label(Catalog catalog, String id) {
        return catalog.entry(id)
                .map(e -> e.kind().equals("model") ? e.name() : e.form() + " " + e.name())
                .orElse(id);
    }

    private static String text(String description) {
        return description == null ? "" : description;
    }
}
