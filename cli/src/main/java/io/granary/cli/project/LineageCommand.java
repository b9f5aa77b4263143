package io.granary.cli.project;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.select.Suggestion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary lineage}. */
@Command(
        name = "granary lineage",
        mixinStandardHelpOptions = true,
        description = "Shows what a column is made from, back to the sources, and everything that is made from it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary lineage ads_traffic_site_overview.page_views",
            "  granary lineage ods.ods_traffic_access_log_hi.user_agent"
        })
public final class LineageCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Parameters(paramLabel = "TABLE.COLUMN", description = "A column; the table with or without its database")
    private String column;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new LineageCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(options.home().manifest());
        if (!manifest.models().isEmpty()
                && manifest.models().stream().allMatch(m -> m.lineage().isEmpty())) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    options.home().manifest() + " holds no lineage of columns. Run `granary compile` again.");
        }
        String found = find(manifest);
        ColumnLineage lineage = new ColumnLineage(manifest);
        PrintWriter out = spec.commandLine().getOut();
        out.print(found + "\n\nMade from\n");
        branches(found, lineage::inputs, "nothing: it comes in here, or it is a constant", out);
        out.print("\nGoes into\n");
        branches(found, lineage::readers, "nothing", out);
        out.flush();
        return 0;
    }

    private static void branches(String of, Function<String, List<String>> next, String whenNone, PrintWriter out) {
        Tree tree = Tree.grow(of, next, Function.identity());
        tree.printBranches("  ", out);
        if (tree.branches().isEmpty()) {
            out.print("  " + whenNone + "\n");
        }
    }

    private String find(Manifest manifest) {
        int dot = column.lastIndexOf('.');
        if (dot <= 0 || dot == column.length() - 1) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "'" + column + "' is no TABLE.COLUMN, such as ads_traffic_site_overview.page_views");
        }
        String table = column.substring(0, dot);
        String name = column.substring(dot + 1);
        Map<String, List<String>> tables = tables(manifest);
        String known = tables.keySet().stream()
                .filter(t -> t.equals(table) || t.endsWith("." + table))
                .findFirst()
                .orElseThrow(() -> unknown("there is no table '" + table + "'", table, bare(tables)));
        // the columns of a source that the project does not declare are known by who reads them
        if (!tables.get(known).contains(name)) {
            throw unknown("table " + known + " has no column '" + name + "'", name, tables.get(known));
        }
        return known + "." + name;
    }

    private static List<String> bare(Map<String, List<String>> tables) {
        return tables.keySet().stream()
                .map(t -> t.substring(t.indexOf('.') + 1))
                .toList();
    }

    private static GranaryException unknown(String what, String given, List<String> known) {
        String hint = Suggestion.nearest(given.substring(given.indexOf('.') + 1), known)
                .map(near -> "Did you mean '" + near + "'?")
                .orElse("Known: " + String.join(", ", known) + ".");
        return new GranaryException(ErrorCode.NOT_FOUND, what + ". " + hint);
    }

    private static Map<String, List<String>> tables(Manifest manifest) {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        manifest.sources().forEach(s -> tables.put(s.table(), names(s.columns(), s.partition())));
        manifest.seeds().forEach(s -> tables.put(s.table(), names(s.columns(), List.of())));
        manifest.models().forEach(m -> tables.put(m.table(), names(m.columns(), m.partition())));
        for (ModelNode model : manifest.models()) {
            model.lineage().values().stream().flatMap(List::stream).forEach(from -> {
                List<String> columns = tables.get(from.substring(0, from.lastIndexOf('.')));
                String name = from.substring(from.lastIndexOf('.') + 1);
                if (columns != null && !columns.contains(name)) {
                    columns.add(name);
                }
            });
        }
        return tables;
    }

    private static List<String> names(List<ColumnNode> columns, List<String> partition) {
        List<String> names =
                new ArrayList<>(columns.stream().map(ColumnNode::name).toList());
        names.addAll(partition);
        return names;
    }
}
