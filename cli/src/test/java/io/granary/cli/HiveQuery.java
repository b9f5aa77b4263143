package io.granary.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Runs statements through Hive JDBC and prints what the last one returns; started with Spark's class path. */
final class HiveQuery {
    private HiveQuery() {}

    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection(args[0]);
                Statement statement = connection.createStatement()) {
            for (int i = 1; i < args.length; i++) {
                boolean last = i == args.length - 1;
                if (statement.execute(args[i]) && last) {
                    print(statement.getResultSet());
                }
            }
        }
        System.exit(0);
    }

    /**
     * The rows of the last statement, cells joined by {@code |}, asked in a JVM of its own with the distribution's Spark
     * class path, where Apache Hive JDBC is.
     */
    static List<String> rows(Path dist, String url, String... statements) throws Exception {
        String spark = Files.readString(dist.resolve("lib/spark/class-path")).strip();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + dist.resolve("conf/log4j2.properties"),
                "-cp",
                Path.of("target/test-classes").toAbsolutePath() + ":" + dist + "/"
                        + spark.replace(":", ":" + dist + "/"),
                HiveQuery.class.getName(),
                url));
        command.addAll(List.of(statements));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException("the query ended with exit code " + code);
        }
        return lines;
    }

    private static void print(ResultSet rows) throws Exception {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            StringJoiner line = new StringJoiner("|");
            for (int i = 1; i <= columns; i++) {
                line.add(rows.getString(i));
            }
            System.out.println(line);
        }
    }
}
