package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;

/**
 * A publisher in a process of its own, to be killed. For each number on its input it publishes a version whose every
 * partition holds one row with that number, and answers {@code done <number>} or {@code failed <number> <why>}.
 */
final class FaultPublisher {
    static final TableName TABLE = new TableName("dws", "dws_faults_1d");
    static final int PARTITIONS = 6;

    private FaultPublisher() {}

    /** @param args profile */
    public static void main(String[] args) throws Exception {
        Profile profile = Profile.load(Path.of(args[0]), Map.of());
        LockTerms terms = new LockTerms(Duration.ofSeconds(60), Duration.ofMillis(500), Duration.ofSeconds(2));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            try (HiveTableStore store = HiveTableStore.open(profile, null, terms)) {
                publish(store, profile, Long.parseLong(order));
                System.out.println("done " + order);
            } catch (RuntimeException e) {
                System.out.println(
                        "failed " + order + " " + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
    }

    private static void publish(HiveTableStore store, Profile profile, long version) throws Exception {
        TableStore.Staging staging = store.stage(TABLE, RunId.next(Clock.systemUTC()), days());
        for (PartitionSpec day : days()) {
            write(profile, staging.location() + "/" + day + "/part-0.orc", version);
        }
        store.publish(staging, days(), new Provenance("test.faults", "0", List.of()));
    }

    static Set<PartitionSpec> days() {
        return IntStream.rangeClosed(1, PARTITIONS)
                .mapToObj(d -> PartitionSpec.of("ds", "2026-11-0" + d))
                .collect(Collectors.toSet());
    }

    private static void write(Profile profile, String file, long version) throws Exception {
        TypeDescription type = TypeDescription.fromString("struct<site:string,hits:bigint>");
        try (Writer writer = OrcFile.createWriter(
                new org.apache.hadoop.fs.Path(file),
                OrcFile.writerOptions(HadoopSettings.of(profile)).setSchema(type))) {
            VectorizedRowBatch batch = type.createRowBatch();
            ((BytesColumnVector) batch.cols[0]).setVal(0, "a".getBytes(StandardCharsets.UTF_8));
            ((LongColumnVector) batch.cols[1]).vector[0] = version;
            batch.size = 1;
            writer.addRowBatch(batch);
        }
    }
}
