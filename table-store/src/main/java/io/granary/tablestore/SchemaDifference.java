package io.granary.tablestore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils;

/** In what the columns of an existing table differ from those wanted; comments do not count. */
final class SchemaDifference {
    private static final Map<String, String> SYNONYMS = Map.of(
            "integer",
            "int",
            "long",
            "bigint",
            "short",
            "smallint",
            "byte",
            "tinyint",
            "real",
            "float",
            "dec",
            "decimal",
            "numeric",
            "decimal");

    private SchemaDifference() {}

    /** One line a difference; empty when there is none. */
    static List<String> between(TableSchema found, TableSchema wanted) {
        List<String> lines = new ArrayList<>(compare("column", found.columns(), wanted.columns()));
        lines.addAll(compare("partition column", found.partitionColumns(), wanted.partitionColumns()));
        return lines;
    }

    /** The columns that were added at the end, when that is the only difference; else none. */
    static List<Column> added(TableSchema found, TableSchema wanted) {
        int known = found.columns().size();
        if (wanted.columns().size() <= known) {
            return List.of();
        }
        TableSchema before = new TableSchema(
                wanted.name(), wanted.columns().subList(0, known), wanted.partitionColumns(), wanted.comment());
        List<Column> rest = wanted.columns().subList(known, wanted.columns().size());
        return between(found, before).isEmpty() ? rest : List.of();
    }

    private static List<String> compare(String what, List<Column> found, List<Column> wanted) {
        Map<String, String> foundTypes = types(found);
        Map<String, String> wantedTypes = types(wanted);
        List<String> lines = new ArrayList<>();
        wantedTypes.forEach((name, type) -> {
            String there = foundTypes.get(name);
            if (there == null) {
                lines.add(what + " " + name + " " + type + " is not in the table");
            } else if (!there.equals(type)) {
                lines.add(what + " " + name + " is " + there + " in the table, " + type + " in the definition");
            }
        });
        foundTypes.forEach((name, type) -> {
            if (!wantedTypes.containsKey(name)) {
                lines.add(what + " " + name + " " + type + " is in the table only");
            }
        });
        if (lines.isEmpty() && !List.copyOf(foundTypes.keySet()).equals(List.copyOf(wantedTypes.keySet()))) {
            lines.add("the " + what + "s are in the order " + foundTypes.keySet() + " in the table, "
                    + wantedTypes.keySet() + " in the definition");
        }
        return lines;
    }

    private static Map<String, String> types(List<Column> columns) {
        Map<String, String> types = new LinkedHashMap<>();
        columns.forEach(c -> types.put(c.name().toLowerCase(Locale.ROOT), canonical(c.type())));
        return types;
    }

    /** The metastore's spelling of a type: {@code decimal} is {@code decimal(10,0)}, {@code INTEGER} is {@code int}. */
    static String canonical(String type) {
        String plain = type.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
        for (Map.Entry<String, String> synonym : SYNONYMS.entrySet()) {
            // a whole word that is a type: not followed by ':', which would make it a field's name
            plain = plain.replaceAll("\\b" + synonym.getKey() + "\\b(?!:)", synonym.getValue());
        }
        try {
            return TypeInfoUtils.getTypeInfoFromTypeString(plain).getTypeName();
        } catch (IllegalArgumentException e) {
            // not a type of Hive: compare it as it is written
            return plain;
        }
    }
}
