package io.granary.warehouse.project;

import io.granary.warehouse.manifest.TableRead;

/** What the keys of a jdbc source say together. */
final class JdbcChecks {
    private final JdbcSource source;
    private final TableRead read;
    private final Problems problems;

    private JdbcChecks(JdbcSource source, Problems problems) {
        this.source = source;
        this.read = source.read() == null ? TableRead.WHOLE : source.read();
        this.problems = problems;
    }

    static void check(JdbcSource source, Problems problems) {
        JdbcChecks checks = new JdbcChecks(source, problems);
        checks.tables();
        if (source.isIncremental()) {
            checks.incremental();
        } else {
            checks.full();
        }
    }

    private void tables() {
        if (source.sourceTable() == null && read.tables() == null) {
            problem("", "key 'table' is missing", "Name a table, or a pattern of shard tables: tables: orders_*.");
        } else if (source.sourceTable() != null && read.tables() != null) {
            problem("/tables", "both table and tables are there", "Keep table for one table, tables for shards.");
        }
    }

    private void full() {
        if (read.watermark() != null || read.overlap() != null) {
            problem(
                    read.watermark() != null ? "/watermark" : "/overlap",
                    "mode is full, which reads every row every day",
                    "Set mode: incremental to read by a watermark.");
        }
    }

    private void incremental() {
        if (read.watermark() != null) {
            return;
        }
        if (read.overlap() != null) {
            problem("/overlap", "overlap is there without a watermark", "It says how far before its day one reads.");
        }
        if (read.key().size() != 1) {
            problem(
                    "/mode",
                    "mode is incremental, but nothing says which rows are new",
                    "Name a watermark, or as key the one integer column that only grows.");
        } else if (read.tables() != null) {
            problem(
                    "/key",
                    "shard tables cannot be read by key: each has its own highest key",
                    "Name a watermark, or make a source of each table.");
        }
    }

    private void problem(String pointer, String what, String hint) {
        problems.add(source.origin().problem(pointer, what, hint));
    }
}
