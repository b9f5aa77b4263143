package io.granary.bench;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The generated logs and the queries on them. A line is a function of its number alone. */
enum ParseLog {
    COMBINED("combined"),
    JSON("json");

    private static final int CHUNK = 65_536;
    private static final int CHUNKS_A_TASK = 1_024;
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0");
    private static final StructType RECORD = new StructType()
            .add("headers", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
            .add("body", DataTypes.BinaryType);

    private final String title;

    /**
     * A way to the answer.
     *
     * @param answer variants with the same one must give the same rows
     */
    record Variant(String name, String answer, String sql) {}

    ParseLog(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        String[] texts = Resource.text("parse-" + title + ".sql", Map.of()).split("(?m)^-- variant: ");
        for (int i = 1; i < texts.length; i++) {
            String[] head = texts[i].substring(0, texts[i].indexOf('\n')).split(" \\| ");
            String name = head[0].strip();
            String sql = texts[i].substring(texts[i].indexOf('\n'));
            variants.add(new Variant(name, head[1].strip(), sql));
            if (sql.contains("FROM lines")) {
                String ofText = sql.replace("FROM lines", "FROM text_lines");
                variants.add(new Variant(name + ", of a text file", head[1].strip(), ofText));
            }
        }
        return variants;
    }

    /** Writes chunks of 64 KB as the agent's HDFS sink does; returns how many lines they have. */
    long write(SparkSession spark, String folder, int megabytes) {
        long chunks = megabytes * (1L << 20) / CHUNK;
        spark.range(0, (chunks + CHUNKS_A_TASK - 1) / CHUNKS_A_TASK, 1, 2)
                .as(Encoders.LONG())
                .flatMap(new Chunks(this, chunks), Encoders.row(RECORD))
                .write()
                .format("avro")
                .mode("overwrite")
                .save(folder);
        return spark.read()
                .format("avro")
                .load(folder)
                .selectExpr("SUM(CAST(headers['lines'] AS BIGINT))")
                .first()
                .getLong(0);
    }

    private String line(long n) {
        long mixed = n * 0x9E3779B97F4A7C15L;
        int r = (int) (mixed >>> 33);
        String agent = AGENTS.get(r % AGENTS.size());
        String ip = "10." + r % 200 + "." + r / 7 % 250 + "." + r / 1777 % 250;
        long second = n / 40 % 86_400;
        String time = String.format(Locale.ROOT, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
        if (this == COMBINED) {
            String referrer = r % 3 == 0 ? "-" : "https://www.example.com/category/" + r % 50;
            return ip + " - " + (r % 10 == 0 ? "user" + r % 1000 : "-") + " [01/Nov/2026:" + time
                    + " +0000] \"GET /product/" + r % 5000 + "?from=list&page=" + r % 9 + " HTTP/1.1\" "
                    + (r % 20 == 0 ? 404 : 200) + " " + r % 50_000 + " \"" + referrer + "\" \"" + agent + "\"\n";
        }
        return "{\"event_id\":\"" + Long.toHexString(mixed) + "\",\"event_type\":\""
                + (r % 12 == 0 ? "click" : "impression") + "\",\"event_at\":\"2026-11-01T" + time
                + String.format(Locale.ROOT, ".%03dZ", n % 1000) + "\",\"site\":\"demo-shop\",\"campaign_id\":\"c"
                + r % 100 + "\",\"creative_id\":\"k" + r % 1000 + "\",\"position_id\":\"p" + r % 10
                + "\",\"user_id\":" + (r % 4 == 0 ? "null" : r % 100_000) + ",\"price\":" + r % 1000 / 8.0
                + ",\"client_ip\":\"" + ip + "\",\"user_agent\":\"" + agent + "\"}\n";
    }

    private record Chunks(ParseLog log, long count) implements FlatMapFunction<Long, Row>, Serializable {
        @Override
        public Iterator<Row> call(Long task) {
            long from = task * CHUNKS_A_TASK;
            long to = Math.min(count, from + CHUNKS_A_TASK);
            return java.util.stream.LongStream.range(from, to)
                    .mapToObj(this::chunk)
                    .iterator();
        }

        private Row chunk(long index) {
            ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK + 512);
            int lines = 0;
            while (body.size() < CHUNK - 256) {
                body.writeBytes(log.line(index * 400 + lines++).getBytes(StandardCharsets.UTF_8));
            }
            return RowFactory.create(
                    scala.collection.JavaConverters.mapAsScalaMap(Map.of(
                            "start",
                            Long.toString(index * CHUNK),
                            "first_line",
                            "1",
                            "lines",
                            Integer.toString(lines))),
                    body.toByteArray());
        }
    }
}
