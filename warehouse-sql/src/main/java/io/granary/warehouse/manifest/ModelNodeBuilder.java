package io.granary.warehouse.manifest;

import java.util.List;
import java.util.Map;

/**
 * A {@link ModelNode}, component by component. Begun with {@link ModelNode#of} it is a private table that is built whole,
 * without partition, of no text, column or input; begun with {@link ModelNode#with} it is that model.
 */
public final class ModelNodeBuilder {
    private String id;
    private final String subject;
    private final String layer;
    private final String name;
    private String table;
    private String file;
    private String sql = "";
    private String description = "";
    private String owner = "";
    private String grain = "";
    private List<String> unique = List.of();
    private List<String> partition = List.of();
    private String materialization = "full";
    private boolean streamable;
    private String access = "private";
    private List<String> parameters = List.of();
    private List<String> inputs = List.of();
    private List<ColumnNode> columns = List.of();
    private String hash = "";
    private Integer lookback;
    private List<String> key;
    private List<String> tracked;
    private List<String> tags;
    private List<TestNode> tests;
    private Map<String, List<String>> lineage;
    private Map<String, DayRange> reads;

    ModelNodeBuilder(String subject, String layer, String name) {
        this.id = "model." + name;
        this.subject = subject;
        this.layer = layer;
        this.name = name;
        this.table = layer + "." + name;
        this.file = name + ".sql";
    }

    ModelNodeBuilder(ModelNode node) {
        this.id = node.id();
        this.subject = node.subject();
        this.layer = node.layer();
        this.name = node.name();
        this.table = node.table();
        this.file = node.file();
        this.sql = node.sql();
        this.description = node.description();
        this.owner = node.owner();
        this.grain = node.grain();
        this.unique = node.unique();
        this.partition = node.partition();
        this.materialization = node.materialization();
        this.streamable = node.streamable();
        this.access = node.access();
        this.parameters = node.parameters();
        this.inputs = node.inputs();
        this.columns = node.columns();
        this.hash = node.hash();
        this.lookback = node.lookback();
        this.key = node.key();
        this.tracked = node.tracked();
        this.tags = node.tags();
        this.tests = node.tests();
        this.lineage = node.lineage();
        this.reads = node.reads();
    }

    public ModelNodeBuilder id(String id) {
        this.id = id;
        return this;
    }

    public ModelNodeBuilder table(String table) {
        this.table = table;
        return this;
    }

    public ModelNodeBuilder file(String file) {
        this.file = file;
        return this;
    }

    public ModelNodeBuilder sql(String sql) {
        this.sql = sql;
        return this;
    }

    public ModelNodeBuilder description(String description) {
        this.description = description;
        return this;
    }

    public ModelNodeBuilder owner(String owner) {
        this.owner = owner;
        return this;
    }

    public ModelNodeBuilder grain(String grain) {
        this.grain = grain;
        return this;
    }

    public ModelNodeBuilder unique(List<String> unique) {
        this.unique = unique;
        return this;
    }

    public ModelNodeBuilder partition(List<String> partition) {
        this.partition = partition;
        return this;
    }

    public ModelNodeBuilder materialization(String materialization) {
        this.materialization = materialization;
        return this;
    }

    public ModelNodeBuilder streamable(boolean streamable) {
        this.streamable = streamable;
        return this;
    }

    public ModelNodeBuilder access(String access) {
        this.access = access;
        return this;
    }

    public ModelNodeBuilder parameters(List<String> parameters) {
        this.parameters = parameters;
        return this;
    }

    public ModelNodeBuilder inputs(List<String> inputs) {
        this.inputs = inputs;
        return this;
    }

    public ModelNodeBuilder columns(List<ColumnNode> columns) {
        this.columns = columns;
        return this;
    }

    public ModelNodeBuilder hash(String hash) {
        this.hash = hash;
        return this;
    }

    public ModelNodeBuilder lookback(Integer lookback) {
        this.lookback = lookback;
        return this;
    }

    public ModelNodeBuilder key(List<String> key) {
        this.key = key;
        return this;
    }

    public ModelNodeBuilder tracked(List<String> tracked) {
        this.tracked = tracked;
        return this;
    }

    public ModelNodeBuilder tags(List<String> tags) {
        this.tags = tags;
        return this;
    }

    public ModelNodeBuilder tests(List<TestNode> tests) {
        this.tests = tests;
        return this;
    }

    public ModelNodeBuilder lineage(Map<String, List<String>> lineage) {
        this.lineage = lineage;
        return this;
    }

    public ModelNodeBuilder reads(Map<String, DayRange> reads) {
        this.reads = reads;
        return this;
    }

    /** A table of days: {@code incremental} by {@code ds}, which is its parameter too. */
    public ModelNodeBuilder daily() {
        this.materialization = "incremental";
        this.partition = List.of("ds");
        this.parameters = List.of("ds");
        return this;
    }

    public ModelNode node() {
        return new ModelNode(
                id,
                subject,
                layer,
                name,
                table,
                file,
                sql,
                description,
                owner,
                grain,
                unique,
                partition,
                materialization,
                streamable,
                access,
                parameters,
                inputs,
                columns,
                hash,
                lookback,
                key,
                tracked,
                tags,
                tests,
                lineage,
                reads);
    }
}
