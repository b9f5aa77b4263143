package io.granary.batch.env;

import io.granary.batch.run.ModelTable;
import io.granary.tablestore.Column;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.text.SqlLiteral;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares a model of the project, and the table that its environment has of it, with what is built elsewhere. */
final class ModelComparison {
    private final SqlSession session;
    private final HiveTableStore store;
    private final ModelNode model;
    private final Optional<EnvironmentName> own;
    private final Optional<EnvironmentName> other;
    private final TableName here;
    private final TableName there;
    private final List<String> notes = new ArrayList<>();

    /** @param own empty is production, {@code other} likewise */
    ModelComparison(
            SqlSession session,
            HiveTableStore store,
            ModelNode model,
            Optional<EnvironmentName> own,
            Optional<EnvironmentName> other) {
        this.session = session;
        this.store = store;
        this.model = model;
        this.own = own;
        this.other = other;
        this.here = table(own);
        this.there = table(other);
    }

    private TableName table(Optional<EnvironmentName> environment) {
        return TableName.parse(environment.map(e -> e.table(model.table())).orElse(model.table()));
    }

    /** @param days first and last of those whose rows are compared; empty is all that the environment has */
    ModelDifference difference(Optional<List<LocalDate>> days) {
        // a build that failed leaves a table without a version
        Optional<PublishedPartition> newestHere =
                here.equals(there) ? Optional.empty() : Differences.newest(store, here);
        Optional<PublishedPartition> newestThere = Differences.newest(store, there);
        Optional<TableSchema> schemaHere = newestHere.flatMap(p -> store.schema(here));
        Optional<TableSchema> schemaThere = newestThere.flatMap(p -> store.schema(there));
        Optional<Provenance> made = newestThere.flatMap(store::provenance);
        List<String> sql = made.map(Provenance::sql)
                .map(text -> TextDifference.unified(inProduction(text), model.sql()))
                .orElse(List.of());
        if (made.isPresent() && made.get().sql() == null && !isSame(made)) {
            notes.add("the SQL of " + name(other) + " is not known: it was built by an earlier Granary");
        }
        noteOutdated(newestHere);
        return new ModelDifference(
                model.name(),
                own.isEmpty() && other.isEmpty() ? "project" : name(own),
                name(other),
                made.isEmpty() ? "not there" : isSame(made) ? "same" : "different",
                isSame(made) ? List.of() : sql,
                schemaThere.map(this::columns).orElse(List.of()),
                schemaHere.isPresent() && schemaThere.isPresent()
                        ? data(schemaHere.get(), schemaThere.get(), days)
                        : null,
                List.copyOf(notes));
    }

    private boolean isSame(Optional<Provenance> made) {
        return made.filter(m -> model.hash().equals(m.sqlHash())).isPresent();
    }

    private void noteOutdated(Optional<PublishedPartition> newest) {
        if (own.isEmpty() && other.isEmpty()) {
            notes.add("the project's definition alone: name an environment with --env to compare rows");
            return;
        }
        if (newest.isEmpty()) {
            notes.add(here + " is not built: granary build --select " + model.name()
                    + own.map(e -> " --env " + e).orElse(""));
            return;
        }
        boolean current = isSame(newest.flatMap(store::provenance));
        if (own.isPresent() && !current) {
            notes.add(here + " was built from another definition than the project has now: build it again");
        }
    }

    private String inProduction(String sql) {
        return other.map(e -> RelationNames.inStatement(sql, e::production, there.toString()))
                .orElse(sql);
    }

    private static String name(Optional<EnvironmentName> environment) {
        return environment.map(EnvironmentName::value).orElse(EnvironmentName.PRODUCTION);
    }

    private List<String> columns(TableSchema built) {
        Map<String, String> wanted = new LinkedHashMap<>();
        ModelTable.columns(model).forEach(c -> wanted.put(lower(c.name()), type(c.type())));
        model.partition().forEach(name -> wanted.put(name, "string"));
        Map<String, String> found = types(built);
        List<String> lines = new ArrayList<>();
        wanted.forEach((name, type) -> {
            if (!found.containsKey(name)) {
                lines.add("+ " + name + " " + type);
            } else if (!found.get(name).equals(type)) {
                lines.add("~ " + name + " " + found.get(name) + " -> " + type);
            }
        });
        found.forEach((name, type) -> {
            if (!wanted.containsKey(name)) {
                lines.add("- " + name + " " + type);
            }
        });
        return List.copyOf(lines);
    }

    private static Map<String, String> types(TableSchema schema) {
        Map<String, String> types = new LinkedHashMap<>();
        for (Column column : schema.columns()) {
            types.put(lower(column.name()), type(column.type()));
        }
        schema.partitionColumns().forEach(column -> types.put(lower(column.name()), type(column.type())));
        return types;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String type(String type) {
        return lower(type).replaceAll("\\s+", "");
    }

    private DataDifference data(TableSchema schemaHere, TableSchema schemaThere, Optional<List<LocalDate>> days) {
        Map<String, String> typesHere = types(schemaHere);
        Map<String, String> typesThere = types(schemaThere);
        typesHere.keySet().retainAll(typesThere.keySet());
        typesThere.keySet().retainAll(typesHere.keySet());
        Days compared = days(days);
        return new DataComparison(session, here, there, compared.predicate(), typesHere, typesThere)
                .of(key(), compared.label());
    }

    /** What names a row of the whole table. */
    private List<String> key() {
        Set<String> key = new LinkedHashSet<>(model.partition());
        if (!model.unique().isEmpty()) {
            key.addAll(model.unique());
        } else if (!model.key().isEmpty()) {
            key.addAll(model.key());
            key.add("valid_from");
        } else {
            return List.of();
        }
        return List.copyOf(key);
    }

    private record Days(String predicate, String label) {}

    private Days days(Optional<List<LocalDate>> given) {
        if (!model.partition().contains("ds")) {
            return new Days("TRUE", "all rows");
        }
        if (given.isPresent()) {
            String first = given.get().get(0).toString();
            String last = given.get().get(1).toString();
            return new Days(
                    "ds >= " + SqlLiteral.of(first) + " AND ds <= " + SqlLiteral.of(last),
                    first.equals(last) ? first : first + " to " + last);
        }
        // the smaller side: production has years
        TreeSet<String> found = store.partitions(own.isPresent() ? here : there).stream()
                .map(p -> p.spec().values().get(0))
                .collect(Collectors.toCollection(TreeSet::new));
        if (found.isEmpty()) {
            return new Days("FALSE", "no day");
        }
        return new Days(
                found.stream().map(SqlLiteral::of).collect(Collectors.joining(", ", "ds IN (", ")")),
                found.size() == 1 ? found.first() : found.size() + " days, " + found.first() + " to " + found.last());
    }
}
