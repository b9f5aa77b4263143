package io.granary.batch.versions;

import io.granary.batch.env.EnvironmentName;
import io.granary.tablestore.TableName;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the tables a person means. */
final class VersionedTables {
    private VersionedTables() {}

    /**
     * All of them when no name is given: those of an environment, or, without one, of all environments and production.
     * A bare name is of the environment, or of production.
     */
    static List<TableName> chosen(List<TableName> tables, List<String> names, Optional<EnvironmentName> environment) {
        if (names.isEmpty()) {
            return tables.stream()
                    .filter(t -> environment.isEmpty() || environment.get().holds(t.database()))
                    .toList();
        }
        List<TableName> chosen = new ArrayList<>();
        for (String name : names) {
            List<TableName> found = tables.stream()
                    .filter(t -> name.contains(".")
                            ? t.toString().equals(inEnvironment(name, environment))
                            : t.table().equals(name) && isIn(t, environment))
                    .toList();
            if (found.isEmpty()) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "there is no published table " + name + ". Is it a view, or not built yet?");
            }
            if (found.size() > 1) {
                throw new GranaryException(
                        ErrorCode.USAGE,
                        name + " is the name of several tables: " + found + ". Give the database too.");
            }
            chosen.add(found.get(0));
        }
        return List.copyOf(chosen);
    }

    private static boolean isIn(TableName table, Optional<EnvironmentName> environment) {
        return EnvironmentName.ofDatabase(table.database()).equals(environment);
    }

    /** People may name production's table and mean the one that stands for it. */
    private static String inEnvironment(String name, Optional<EnvironmentName> environment) {
        return environment
                .filter(env -> !env.holds(name))
                .map(env -> env.table(name))
                .orElse(name);
    }
}
