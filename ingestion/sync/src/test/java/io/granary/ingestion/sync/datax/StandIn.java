package io.granary.ingestion.sync.datax;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;

/** Does what DataX does with a rendered job, as far as these tests need it, and ends with DataX's words. */
public final class StandIn {
    private StandIn() {}

    /**
     * Makes of an empty folder an installed DataX whose launcher hands its job to this process, and returns that launcher, the
     * {@code bin/java} in it.
     *
     * @param behaviour {@code work}, or how it goes wrong
     */
    public static Path install(Path home, String behaviour) throws IOException {
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("plugin"));
        Files.createDirectories(home.resolve("bin"));
        Path script = Files.writeString(home.resolve("bin/java"), """
                #!/bin/sh
                # stands in for the java that runs DataX: the last argument is the job
                for last; do :; done
                echo "$@" > %1$s/arguments
                stat -c %%A "$last" | tr -d '\\n' > %1$s/mode
                cp "$last" %1$s/job.json
                printf %%s $$ > %1$s/pid
                echo '2026-11-22 07:00:00.000 [job-0] INFO  JobContainer - DataX jobContainer starts job.'
                case %2$s in
                fail) echo 'ERROR DataXException: no such table, password granary-secret of granary'; exit 1;;
                killed) kill -TERM $$;;
                hang) sleep 60;;
                silent) exit 0;;
                esac
                touch %1$s/asked
                while [ ! -e %1$s/answer ]; do sleep 0.05; done
                cat %1$s/answer
                """.formatted(home, behaviour));
        Thread work = new Thread(() -> answer(home, behaviour), "stand-in");
        work.setDaemon(true);
        work.start();
        if (!script.toFile().setExecutable(true)) {
            throw new IOException(script + " cannot be made executable");
        }
        return script;
    }

    /** What the program would do by itself takes no JVM of its own. */
    private static void answer(Path at, String behaviour) {
        try {
            while (!Files.exists(at.resolve("asked"))) {
                Thread.sleep(20);
            }
            Path ready = Files.writeString(at.resolve("ready"), run(at.resolve("job.json"), behaviour));
            Files.move(ready, at.resolve("answer"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the job in the file and gives what DataX says at its end. */
    private static String run(Path job, String behaviour) throws Exception {
        JsonNode content = new JsonMapper().readTree(job.toFile()).at("/job/content/0");
        JsonNode reader = content.at("/reader/parameter");
        JsonNode writer = content.at("/writer/parameter");
        boolean reads = content.at("/reader/name").asText().equals("mysqlreader");
        int lost = behaviour.equals("dirty") ? 1 : 0;
        int kept = lost + (behaviour.equals("loses") ? 1 : 0);
        long rows = reads ? toOrc(reader, writer, kept, behaviour.equals("change")) : toTable(reader, writer);
        return "读出记录总数                    :                   " + rows
                + "\n读写失败总数                    :                   " + lost + "\n";
    }

    private static Connection connect(JsonNode parameter, String url) throws Exception {
        return DriverManager.getConnection(
                url.replace("jdbc:mysql:", "jdbc:mariadb:"),
                parameter.path("username").asText(),
                parameter.path("password").asText());
    }

    private static long toOrc(JsonNode reader, JsonNode writer, int without, boolean change) throws Exception {
        JsonNode connection = reader.at("/connection/0");
        List<String> columns = StreamSupport.stream(reader.path("column").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        TypeDescription schema = TypeDescription.createStruct();
        writer.path("column")
                .forEach(c -> schema.addField(
                        c.path("name").asText(),
                        TypeDescription.fromString(c.path("type").asText())));
        org.apache.hadoop.fs.Path file =
                new org.apache.hadoop.fs.Path(writer.path("path").asText(), "part__0");
        String table = connection.at("/table/0").asText();
        List<List<String>> rows = new ArrayList<>();
        try (Connection jdbc = connect(reader, connection.at("/jdbcUrl/0").asText());
                Statement statement = jdbc.createStatement()) {
            for (JsonNode session : reader.path("session")) {
                statement.execute(session.asText());
            }
            try (ResultSet result = statement.executeQuery("SELECT " + String.join(", ", columns) + " FROM " + table)) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
            }
            if (change) {
                statement.execute("UPDATE " + table + " SET name = 'changed' WHERE id = 7");
            }
        }
        write(schema, file, rows.subList(without, rows.size()));
        return rows.size();
    }

    private static void write(TypeDescription schema, org.apache.hadoop.fs.Path file, List<List<String>> rows)
            throws Exception {
        try (Writer orc = OrcFile.createWriter(
                file, OrcFile.writerOptions(new Configuration()).setSchema(schema))) {
            VectorizedRowBatch batch = schema.createRowBatch();
            for (List<String> row : rows) {
                for (int i = 0; i < row.size(); i++) {
                    if (row.get(i) == null) {
                        batch.cols[i].isNull[batch.size] = true;
                        batch.cols[i].noNulls = false;
                    } else {
                        ((BytesColumnVector) batch.cols[i])
                                .setVal(batch.size, row.get(i).getBytes(StandardCharsets.UTF_8));
                    }
                }
                batch.size++;
            }
            orc.addRowBatch(batch);
        }
    }

    private static long toTable(JsonNode reader, JsonNode writer) throws Exception {
        JsonNode connection = writer.at("/connection/0");
        int columns = writer.path("column").size();
        java.io.File folder = new java.io.File(reader.path("path").asText().replace("/*", ""));
        long rows = 0;
        try (Connection jdbc = connect(writer, connection.path("jdbcUrl").asText());
                PreparedStatement insert = jdbc.prepareStatement("INSERT INTO "
                        + connection.at("/table/0").asText() + " VALUES (?" + ", ?".repeat(columns - 1) + ")")) {
            for (java.io.File file : folder.listFiles((f, name) -> !name.startsWith("."))) {
                rows += load(new org.apache.hadoop.fs.Path(file.toURI()), columns, insert);
            }
        }
        return rows;
    }

    private static long load(org.apache.hadoop.fs.Path file, int columns, PreparedStatement insert) throws Exception {
        long rows = 0;
        try (Reader orc = OrcFile.createReader(file, OrcFile.readerOptions(new Configuration()));
                RecordReader records = orc.rows()) {
            VectorizedRowBatch batch = orc.getSchema().createRowBatch();
            while (records.nextBatch(batch)) {
                for (int at = 0; at < batch.size; at++) {
                    for (int i = 0; i < columns; i++) {
                        BytesColumnVector vector = (BytesColumnVector) batch.cols[i];
                        int row = vector.isRepeating ? 0 : at;
                        insert.setString(i + 1, !vector.noNulls && vector.isNull[row] ? null : vector.toString(row));
                    }
                    insert.executeUpdate();
                    rows++;
                }
            }
        }
        return rows;
    }
}
