package io.granary.cli.project;

import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A model's data tests in words. */
public final class ModelTests {
    private ModelTests() {}

    /** A row a test: name, what it demands, severity. */
    public static List<List<String>> of(ModelNode model) {
        List<List<String>> rows = new ArrayList<>();
        if (model.tests().stream().noneMatch(t -> t.type().equals("unique"))) {
            rows.add(List.of("unique", "unique (" + String.join(", ", model.unique()) + ")", "fail"));
        }
        for (TestNode test : model.tests()) {
            String name = test.id().substring(test.id().lastIndexOf('.') + 1);
            rows.add(List.of(name, demand(test), test.severity() == null ? "fail" : test.severity()));
        }
        return rows;
    }

    private static String demand(TestNode test) {
        StringBuilder text = new StringBuilder(test.type());
        if (!test.columns().isEmpty()) {
            text.append(" (").append(String.join(", ", test.columns())).append(")");
        }
        String arguments = test.arguments().entrySet().stream()
                .filter(a -> !a.getKey().equals("sql"))
                .map(ModelTests::argument)
                .collect(Collectors.joining(", "));
        if (!arguments.isEmpty()) {
            text.append(": ").append(arguments);
        }
        if (test.where() != null) {
            text.append(" where ").append(test.where());
        }
        return text.toString();
    }

    private static String argument(Map.Entry<String, Object> argument) {
        return argument.getKey().equals("expression")
                ? String.valueOf(argument.getValue())
                : argument.getKey() + " " + argument.getValue();
    }
}
