package io.granary.cli;

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
        List<String> arguments = new ArrayList<>(List.of(url));
        arguments.addAll(List.of(statements));
        return DistributionJvm.lines(dist, "spark", HiveQuery.class, arguments);
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
