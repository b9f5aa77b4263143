package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.WallClock;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.TableRead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;

/** A profile whose file system is a folder and whose databases are on a test server; ORC files as rows. */
public final class Fixture {
    public static final Configuration HADOOP = new Configuration();

    private Fixture() {}

    public static Profile profile(Path home, MariaDbServer server) throws IOException {
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/mariadb"), "granary-secret\n");
        String connection = "{type: mariadb, host: 127.0.0.1, port: " + server.port()
                + ", database: %s, user: granary, password: \"${file:secrets/mariadb}\"}";
        Path file = Files.writeString(home.resolve("profile.yaml"), """
                name: local
                fs: %s
                metastore: none
                share: share
                connections:
                  share: %s
                  shop: %s
                """.formatted(
                        home.resolve("files").toUri().toString().replaceAll("/$", ""),
                        connection.formatted("share"),
                        connection.formatted("shop")));
        return Profile.load(file, Map.of());
    }

    /** The job that `granary sync` makes of a table. */
    public static DataxJob sync(Profile profile, String table, String key, Path out) {
        try (Database database = Database.open(profile.connection("shop"))) {
            SourceShape shape = new SourceShape(List.of(table), database.columns(table), key);
            return SyncJobs.job(
                    profile.connection("shop"),
                    TableRead.WHOLE,
                    shape,
                    Drift.between(List.of(), List.of(), shape.columns()).columns(),
                    null,
                    "",
                    out.toString());
        }
    }

    /** All rows of a folder's ORC files; dates and times as text, bytes as hexadecimal digits. */
    public static List<Map<String, Object>> rows(Path folder) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".orc")).toList()) {
                read(file, rows);
            }
        }
        return rows;
    }

    private static void read(Path file, List<Map<String, Object>> rows) throws IOException {
        OrcFile.ReaderOptions options =
                OrcFile.readerOptions(new Configuration()).useUTCTimestamp(true).convertToProlepticGregorian(true);
        try (Reader reader = OrcFile.createReader(new org.apache.hadoop.fs.Path(file.toUri()), options);
                RecordReader records = reader.rows()) {
            TypeDescription schema = reader.getSchema();
            VectorizedRowBatch batch = schema.createRowBatch();
            while (records.nextBatch(batch)) {
                for (int at = 0; at < batch.size; at++) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int c = 0; c < batch.cols.length; c++) {
                        row.put(
                                schema.getFieldNames().get(c),
                                value(batch.cols[c], schema.getChildren().get(c), at));
                    }
                    rows.add(row);
                }
            }
        }
    }

    /** A cell as people compare it: dates and times as text, bytes as hexadecimal digits. */
    public static Object value(ColumnVector vector, TypeDescription type, int row) {
        int at = vector.isRepeating ? 0 : row;
        if (!vector.noNulls && vector.isNull[at]) {
            return null;
        }
        return switch (type.getCategory()) {
            case DATE ->
                LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at]).toString();
            case FLOAT, DOUBLE -> ((DoubleColumnVector) vector).vector[at];
            case DECIMAL ->
                ((DecimalColumnVector) vector).vector[at].getHiveDecimal().bigDecimalValue();
            case TIMESTAMP -> {
                Timestamp t = ((TimestampColumnVector) vector).asScratchTimestamp(at);
                yield WallClock.text(LocalDateTime.ofInstant(t.toInstant(), ZoneOffset.UTC));
            }
            case STRING -> new String(bytes((BytesColumnVector) vector, at), StandardCharsets.UTF_8);
            case BINARY -> HexFormat.of().formatHex(bytes((BytesColumnVector) vector, at));
            default -> ((LongColumnVector) vector).vector[at];
        };
    }

    private static byte[] bytes(BytesColumnVector vector, int at) {
        return Arrays.copyOfRange(vector.vector[at], vector.start[at], vector.start[at] + vector.length[at]);
    }
}
