package io.granary.bench;

import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.ModelNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The models' own SQL without Granary: one INSERT OVERWRITE a model, one after the other on one open session, into plain
 * ORC tables of the same columns.
 */
final class BareChain {
    private static final String DATABASE = "bare";

    private final SqlSession session;
    private final List<ModelNode> models;
    private final Map<String, String> statements = new LinkedHashMap<>();

    /** @param models each after those it reads; their tables exist */
    BareChain(SqlSession session, List<ModelNode> models, String ds) {
        this.session = session;
        this.models = models;
        for (ModelNode model : models) {
            String columns = model.columns().stream().map(ColumnNode::name).collect(Collectors.joining(", "));
            statements.put(
                    model.name(),
                    "INSERT OVERWRITE TABLE " + table(model) + " PARTITION (ds = '" + ds + "')\nSELECT " + columns
                            + "\nFROM (\n" + onBareTables(model.sql()).replace(":ds", "'" + ds + "'") + "\n) AS model");
        }
    }

    private String onBareTables(String sql) {
        String bare = sql;
        for (ModelNode other : models) {
            bare = bare.replace(other.table(), table(other));
        }
        return bare;
    }

    static String table(ModelNode model) {
        return DATABASE + "." + model.name();
    }

    void create() {
        session.execute("CREATE DATABASE IF NOT EXISTS " + DATABASE);
        for (ModelNode model : models) {
            List<String> columns = new ArrayList<>();
            model.columns().forEach(column -> columns.add(column.name() + " " + column.type()));
            session.execute("CREATE TABLE " + table(model) + " (" + String.join(", ", columns)
                    + ") PARTITIONED BY (ds STRING) STORED AS ORC");
        }
    }

    /** Seconds of each statement. */
    Map<String, Double> run() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        statements.forEach((model, sql) -> {
            long from = System.nanoTime();
            session.execute(sql);
            seconds.put(model, (System.nanoTime() - from) / 1e9);
        });
        return seconds;
    }
}
