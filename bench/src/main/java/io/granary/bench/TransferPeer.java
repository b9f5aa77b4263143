package io.granary.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * What jobs are compared with, in a process of its own: {@code read URL ROWS} reads the table in two threads and drops the
 * rows; {@code spark-out URL ROWS FOLDER} and {@code spark-in URL ROWS FOLDER} are Spark's own JDBC, local[2]. The password
 * is in the environment.
 */
public final class TransferPeer {
    static final String PASSWORD = "TRANSFER_PASSWORD";
    private static final int PARTS = 2;

    private TransferPeer() {}

    public static void main(String[] args) throws Exception {
        String url = args[1];
        long rows = Long.parseLong(args[2]);
        long done = switch (args[0]) {
            case "read" -> read(url, rows);
            case "spark-out" -> sparkOut(url, rows, args[3]);
            default -> sparkIn(url, args[3]);
        };
        if (done != rows) {
            throw new IllegalStateException(done + " rows instead of " + rows);
        }
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", "granary");
        properties.setProperty("password", System.getenv(PASSWORD));
        properties.setProperty("driver", "org.mariadb.jdbc.Driver");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("useBulkStmts", "true");
        return properties;
    }

    private static long read(String url, long rows) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PARTS);
        List<Future<Long>> parts = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            String where = "id > " + rows * part / PARTS + " AND id <= " + rows * (part + 1) / PARTS;
            parts.add(threads.submit(() -> readPart(url, where)));
        }
        long sum = 0;
        for (Future<Long> part : parts) {
            sum += part.get();
        }
        threads.shutdown();
        return sum;
    }

    /** Every column by the getter of its type. */
    private static long readPart(String url, String where) throws SQLException {
        long rows = 0;
        try (Connection connection = DriverManager.getConnection(url, properties());
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(5000);
            try (ResultSet row = statement.executeQuery("SELECT * FROM orders WHERE " + where)) {
                while (row.next()) {
                    row.getLong(1);
                    row.getString(2);
                    row.getLong(3);
                    row.getInt(4);
                    row.getString(5);
                    row.getInt(6);
                    row.getBigDecimal(7);
                    row.getBigDecimal(8);
                    row.getInt(9);
                    row.getInt(10);
                    row.getString(11);
                    row.getTimestamp(12);
                    row.getTimestamp(13);
                    row.getString(14);
                    row.getDouble(15);
                    rows++;
                }
            }
        }
        return rows;
    }

    private static SparkSession spark() {
        return SparkSession.builder()
                .master("local[" + PARTS + "]")
                .appName("transfer")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
    }

    private static long sparkOut(String url, long rows, String folder) {
        Properties properties = properties();
        properties.setProperty("fetchsize", "10000"); // else MariaDB's driver holds a part's rows all at once
        try (SparkSession spark = spark()) {
            // Spark's dialect of MySQL knows this form of URL only, and MariaDB's driver takes it so
            spark.read()
                    .jdbc(mysql(url), "orders", "id", 1, rows + 1, PARTS, properties)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .option("compression", "snappy")
                    .orc(folder);
            return spark.read().orc(folder).count();
        }
    }

    private static long sparkIn(String url, String folder) throws SQLException {
        try (SparkSession spark = spark()) {
            spark.read()
                    .orc(folder)
                    .coalesce(PARTS)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .options(Map.of("truncate", "true", "batchsize", "10000"))
                    .jdbc(mysql(url), "orders_in", properties());
        }
        try (Connection connection = DriverManager.getConnection(url, properties());
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM orders_in")) {
            count.next();
            return count.getLong(1);
        }
    }

    private static String mysql(String url) {
        return url.replace("jdbc:mariadb:", "jdbc:mysql:") + "?permitMysqlScheme";
    }
}
