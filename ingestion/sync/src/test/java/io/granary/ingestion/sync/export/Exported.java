package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.engine.FolderTables;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.RedisTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import picocli.CommandLine;

/**
 * A table of visits in a folder whose days are made here, and its export into a database. Every row of a day has the same
 * {@code hits}, so that a mix of two versions shows.
 */
final class Exported {
    private static final TableName TABLE = TableName.parse("ads.ads_visits");
    private static final String PROFILE = """
            name: local
            fs: file:///
            metastore: none
            share: share
            connections:
              share: {type: %s, host: 127.0.0.1, port: %d, database: %s, user: granary, password: "${env:PASSWORD}"}
            """;

    private final Path home;
    private final FolderTables tables;
    private final Profile profile;
    private final ExportNode export;

    /** @param home holds the tables; a second one of the same home sees the same files, and no published day */
    Exported(Path home, String type, int port, String database, String mode) throws IOException {
        this(
                home,
                PROFILE.formatted(type, port, database),
                node("share", "visits", List.of("ds", "visitor"), mode, null));
    }

    private Exported(Path home, String profile, ExportNode export) throws IOException {
        this.home = home;
        this.tables = new FolderTables(home.resolve("warehouse"));
        Files.createDirectories(home);
        Path file = Files.writeString(home.resolve("profile.yaml"), profile);
        this.profile = Profile.load(file, Map.of("PASSWORD", "granary-secret"));
        this.export = export;
    }

    /** Its export goes into Redis. */
    static Exported intoRedis(Path home, int port) throws IOException {
        String profile = "name: local\nfs: file:///\nmetastore: none\nredis: redis://127.0.0.1:" + port + "\n";
        return new Exported(home, profile, node(null, null, List.of(), null, new RedisTarget("visitor", "visitor")));
    }

    private static ExportNode node(String connection, String table, List<String> key, String mode, RedisTarget redis) {
        return new ExportNode(
                "export.ads.visits", "ads", "visits", "d", TABLE.toString(), connection, table, key, mode, redis);
    }

    /** Runs the verb itself. */
    int command(StringWriter err, String... args) {
        Manifest.of("test").exports(List.of(export)).manifest().write(home.resolve("target/manifest.json"));
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--home", home.toString()));
        return new CommandLine(new ExportCommand(p -> tables))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    static String run(int second) {
        return String.format("20261102T0000%02dZ-00000%d", second, second % 10);
    }

    /** Builds a day: so many rows whose {@code hits} are this. */
    void build(String ds, String run, int rows, long hits, String... more) throws IOException {
        publish(ds, run, more);
        Path folder = folder(ds, run);
        Files.createDirectories(folder);
        TypeDescription schema = TypeDescription.fromString("struct<visitor:string,hits:bigint,amount:decimal(12,2)"
                + (more.length > 0 ? "," + more[0] + ":bigint" : "") + ">");
        for (int part = 0; part < 2; part++) {
            try (Writer orc = OrcFile.createWriter(
                    new org.apache.hadoop.fs.Path(
                            folder.resolve("part-" + part + ".orc").toUri()),
                    OrcFile.writerOptions(Fixture.HADOOP).setSchema(schema).useUTCTimestamp(true))) {
                write(orc, schema, part, rows, hits);
            }
        }
    }

    private static void write(Writer orc, TypeDescription schema, int part, int rows, long hits) throws IOException {
        VectorizedRowBatch batch = RowBatches.of(schema, 1024);
        for (int i = part; i < rows; i += 2) {
            int at = batch.size++;
            ((BytesColumnVector) batch.cols[0]).setVal(at, visitor(i).getBytes(StandardCharsets.UTF_8));
            ((LongColumnVector) batch.cols[1]).vector[at] = hits;
            ((DecimalColumnVector) batch.cols[2]).set(at, HiveDecimal.create(i + ".10"));
            for (int more = 3; more < batch.cols.length; more++) {
                ((LongColumnVector) batch.cols[more]).vector[at] = i;
            }
            if (batch.size == batch.getMaxSize()) {
                orc.addRowBatch(batch);
                batch.reset();
            }
        }
        orc.addRowBatch(batch);
    }

    /** Names of visitors, some of which a spreadsheet would run. */
    private static String visitor(int i) {
        return switch (i) {
            case 2 -> "=1+1";
            case 3 -> "-3";
            case 4 -> "a \"b\", c";
            default -> "visitor é " + i;
        };
    }

    /** Publishes a day whose files are there. */
    void publish(String ds, String run, String... more) {
        List<Column> columns = new ArrayList<>(List.of(
                new Column("visitor", "string", "Who."),
                new Column("hits", "bigint", ""),
                new Column("amount", "decimal(12,2)", "")));
        for (String column : more) {
            columns.add(new Column(column, "bigint", ""));
        }
        tables.recreate(new TableSchema(TABLE, columns, List.of(new Column("ds", "string", "")), "d"));
        TableStore.Staging staging = tables.stage(TABLE, new RunId(run));
        tables.publish(staging, Set.of(PartitionSpec.of("ds", ds)), new Provenance("model.ads_visits", "h", List.of()));
    }

    private Path folder(String ds, String run) {
        return Path.of(java.net.URI.create(tables.stage(TABLE, new RunId(run)).location()))
                .resolve("ds=" + ds);
    }

    JobRun.Outcome export(String ds, boolean force, long large) {
        return export(ds, force, new TableExport.Bounds(large, 2, 20));
    }

    JobRun.Outcome export(String ds, boolean force, TableExport.Bounds bounds) {
        Path jobs = home.resolve("jobs");
        return new Export(profile, Fixture.HADOOP, tables, jobs, Clock.systemUTC(), bounds).run(export, ds, force);
    }

    /** Exports a day in a JVM of its own: {@code home type port database mode ds run}. */
    public static void main(String[] args) throws IOException {
        Exported exported = new Exported(Path.of(args[0]), args[1], Integer.parseInt(args[2]), args[3], args[4]);
        exported.publish(args[5], args[6]);
        exported.export(args[5], false, 1);
    }
}
