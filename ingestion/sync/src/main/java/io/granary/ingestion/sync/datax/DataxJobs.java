package io.granary.ingestion.sync.datax;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.warehouse.config.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Jobs as an installed DataX runs them safely: every column a text, every path our own, passwords in place. */
final class DataxJobs {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SLEEP_MILLIS = 500;
    private static final int REPORT_MILLIS = 5000;

    private final DataxJob job;
    private final Configuration hadoop;

    DataxJobs(DataxJob job, Configuration hadoop) {
        this.job = job;
        this.hadoop = hadoop;
    }

    /** Rows of tables as texts in ORC files. */
    String read(RdbmsReader from, List<Connection> connections, List<String> expressions, int columns, Stage stage) {
        ObjectNode reader = JSON.createObjectNode();
        reader.put("username", connections.get(0).user());
        reader.put("password", connections.get(0).password());
        expressions.forEach(reader.putArray("column")::add);
        ArrayNode tables = reader.putArray("connection");
        for (int i = 0; i < connections.size(); i++) {
            ObjectNode connection = tables.addObject();
            connection.putArray("jdbcUrl").add(url(from.kind(), connections.get(i)));
            from.connection().get(i).table().forEach(connection.putArray("table")::add);
        }
        put(reader, "where", from.where());
        put(reader, "splitPk", from.splitPk());
        if (from.splitFactor() != null) {
            reader.put("splitFactor", from.splitFactor());
        }
        if (from.fetchSize() != null && from.kind() != RdbmsKind.MYSQL) {
            reader.put("fetchSize", from.fetchSize());
        }
        List<String> session = new ArrayList<>(from.session());
        if (from.kind() == RdbmsKind.MYSQL) {
            session.add(0, "set time_zone = '+00:00'");
        }
        if (!session.isEmpty()) {
            session.forEach(reader.putArray("session")::add);
        }
        return job(from.plugin(), reader, "hdfswriter", textFiles(stage, columns));
    }

    private ObjectNode textFiles(Stage stage, int columns) {
        ObjectNode writer = files(stage);
        writer.put("path", stage.path());
        writer.put("fileName", "part");
        writer.put("writeMode", "append");
        writer.put("fieldDelimiter", "\u0001");
        ArrayNode column = writer.putArray("column");
        for (int i = 0; i < columns; i++) {
            column.addObject().put("name", "c" + i).put("type", "string");
        }
        return writer;
    }

    /** Rows of text columns in ORC files into a table of text columns {@code c0, c1, …}. */
    String write(RdbmsWriter to, Connection connection, String table, int columns, Stage stage) {
        ObjectNode reader = files(stage);
        reader.put("path", stage.path() + "/*");
        reader.put("encoding", "UTF-8");
        reader.put("fieldDelimiter", "\u0001");
        ArrayNode read = reader.putArray("column");
        ObjectNode writer = JSON.createObjectNode();
        writer.put("writeMode", "insert");
        writer.put("username", connection.user());
        writer.put("password", connection.password());
        ArrayNode written = writer.putArray("column");
        for (int i = 0; i < columns; i++) {
            read.addObject().put("index", i).put("type", "string");
            written.add("c" + i);
        }
        writer.put("batchSize", to.batchSize());
        ObjectNode at = writer.putArray("connection").addObject();
        at.put("jdbcUrl", url(to.kind(), connection));
        at.putArray("table").add(table);
        return job("hdfsreader", reader, to.plugin(), writer);
    }

    private ObjectNode files(Stage stage) {
        ObjectNode files = JSON.createObjectNode();
        files.put("defaultFS", stage.fileSystem());
        files.put("fileType", "orc");
        ObjectNode settings = JSON.createObjectNode();
        for (Map.Entry<String, String> entry : hadoop.getValByRegex("^dfs\\.(nameservices|ha\\.namenodes\\..*|"
                        + "namenode\\.rpc-address\\..*|client\\.failover\\.proxy\\.provider\\..*|replication)$")
                .entrySet()) {
            settings.put(entry.getKey(), entry.getValue());
        }
        if (!settings.isEmpty()) {
            files.set("hadoopConfig", settings);
        }
        return files;
    }

    private String job(String readerName, ObjectNode reader, String writerName, ObjectNode writer) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode intervals = root.putObject("core").putObject("container").putObject("job");
        intervals.put("sleepInterval", SLEEP_MILLIS);
        intervals.put("reportInterval", REPORT_MILLIS);
        ObjectNode body = root.putObject("job");
        ObjectNode setting = body.putObject("setting");
        setting.putObject("speed").put("channel", job.channels());
        ObjectNode limit = setting.putObject("errorLimit");
        if (job.setting().errorLimit().record() != null) {
            limit.put("record", job.setting().errorLimit().record());
        } else {
            limit.put("percentage", job.setting().errorLimit().percentage());
        }
        ObjectNode content = body.putArray("content").addObject();
        content.putObject("reader").put("name", readerName).set("parameter", reader);
        content.putObject("writer").put("name", writerName).set("parameter", writer);
        return root.toPrettyString();
    }

    private static void put(ObjectNode node, String key, String value) {
        if (value != null) {
            node.put(key, value);
        }
    }

    private static String url(RdbmsKind kind, Connection connection) {
        String url =
                kind.urlPrefix() + "//" + connection.host() + ":" + connection.port() + "/" + connection.database();
        return kind == RdbmsKind.MYSQL ? url + "?useUnicode=true&characterEncoding=utf8&useSSL=false" : url;
    }
}
