package io.granary.tablestore;

import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Readers in a process of their own, each a Spark session that reads again at once when a read has ended: each is
 * always in the middle of one. Each read prints {@code <reader> read <version>}, {@code <reader> MIXED
 * <what>} when it saw parts of two versions or not all of one, or {@code <reader> error <why>} when there was no
 * metastore to ask.
 */
final class FaultReader {
    private FaultReader() {}

    /** @param args address of the metastore, a folder to work in, the table's folder, how many readers */
    public static void main(String[] args) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 1)
                .config("spark.sql.warehouse.dir", args[1] + "/spark-warehouse")
                .config("spark.hadoop.hive.metastore.uris", args[0])
                .config("spark.hadoop.hive.exec.scratchdir", args[1] + "/scratch")
                .config("spark.sql.hive.thriftServer.singleSession", false)
                .enableHiveSupport()
                .getOrCreate();
        spark.sql("CREATE DATABASE IF NOT EXISTS dws");
        TableSchema schema = new TableSchema(
                FaultPublisher.TABLE,
                java.util.List.of(new Column("site", "string"), new Column("hits", "bigint")),
                java.util.List.of(new Column("ds", "string")),
                "");
        spark.sql(TableDdl.createTable(schema, args[2]));
        System.out.println("ready");
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            SparkSession session = spark.newSession();
            String name = Integer.toString(i);
            Thread reader = new Thread(() -> loop(name, session), "reader");
            reader.start();
        }
    }

    private static void loop(String name, SparkSession session) {
        while (true) {
            System.out.println(name + " " + read(session));
            if (System.out.checkError()) {
                Runtime.getRuntime().halt(0);
            }
        }
    }

    private static String read(SparkSession session) {
        try {
            Row row = session.sql("SELECT min(hits), max(hits), count(*) FROM " + FaultPublisher.TABLE)
                    .collectAsList()
                    .get(0);
            if (row.getLong(2) == 0) {
                return "read 0";
            }
            boolean whole = row.getLong(0) == row.getLong(1) && row.getLong(2) == FaultPublisher.PARTITIONS;
            return whole ? "read " + row.getLong(0) : "MIXED " + row;
        } catch (Exception e) {
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return "error " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }
}
