package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs by hand, on files and streams; exit codes are DataX's. */
class JobCommandTest {
    @TempDir
    Path home;

    private String said;

    @BeforeEach
    void profile() throws Exception {
        Files.writeString(home.resolve("profile.yaml"), "name: local\nfs: file:///\nmetastore: none\n");
    }

    private int job(String... args) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return JobCommand.run(Stream.concat(Stream.of(args), Stream.of("--home", home.toString()))
                    .toArray(String[]::new));
        } finally {
            System.setErr(before);
            said = err.toString(StandardCharsets.UTF_8);
        }
    }

    private Path file(String reader, String writer, String setting) throws Exception {
        return Files.writeString(home.resolve("job.json"), """
                {"job": {"setting": %s, "content": [{"reader": %s, "writer": %s}]}}
                """.formatted(setting, reader, writer));
    }

    private String text(String writeMode, String format, String path) {
        return """
                {"name": "txtfilewriter", "parameter": {"path": "%s", "fileName": "orders", "writeMode": "%s",
                 "fileFormat": "%s", "fieldDelimiter": ","}}""".formatted(home.resolve(path), writeMode, format);
    }

    private static final String STREAM = """
            {"name": "streamreader", "parameter": {"sliceRecordCount": 5000, "column": [
              {"value": "${site}"}, {"type": "long", "random": "1,9"}, {"type": "date", "value": "2026-11-01 10:05:00"}]}}""";
    private static final String TWO_CHANNELS = "{\"speed\": {\"channel\": 2}}";

    @Test
    void rowsOfAStreamGoIntoFilesAndOutOfThemAgain() throws Exception {
        Path job = file(STREAM, text("nonConflict", "text", "out"), TWO_CHANNELS);
        assertThat(job("run", job.toString(), "-p", "-Dsite=shop")).as(said).isZero();
        assertThat(said).contains("written     10,000 rows in 2 parts", "left out    0 rows", "rows/s");
        List<String> lines = Files.readAllLines(home.resolve("out/orders-00000.txt"));
        assertThat(lines).hasSize(5000).allMatch(line -> line.matches("shop,[1-9],2026-11-01 10:05:00\\.000000"));

        assertThat(job("run", job.toString(), "-p", "-Dsite=shop")).isEqualTo(1);
        assertThat(said).contains("already holds files named orders*, and writeMode is nonConflict");

        Path back = file("""
                {"name": "txtfilereader", "parameter": {"path": ["%s/*"], "fieldDelimiter": ",", "column": [
                  {"index": 1, "type": "long"}, {"type": "string", "value": "x"}, {"index": 0, "type": "string"}]}}""".formatted(home.resolve("out")), text("truncate", "csv", "back"), TWO_CHANNELS);
        assertThat(job("run", back.toString())).as(said).isZero();
        assertThat(job("run", back.toString())).as(said).isZero();
        assertThat(said).contains("written     10,000 rows");
        try (Stream<Path> files = Files.list(home.resolve("back"))) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
                    .containsExactlyInAnyOrder("orders-00000.csv", "orders-00001.csv");
        }
        assertThat(Files.readAllLines(home.resolve("back/orders-00000.csv"))).allMatch(l -> l.matches("[1-9],x,shop"));
    }

    @Test
    void aTextThatWouldNotBeReadBackIsLeftOutAndKept() throws Exception {
        Path job =
                file(STREAM.replace("5000", "3"), text("append", "text", "out"), "{\"errorLimit\": {\"record\": 3}}");
        assertThat(job("run", job.toString(), "-p", "-Dsite=a,b")).as(said).isZero();
        assertThat(said).contains("left out    3 rows, kept in " + home.resolve("dirty/job.jsonl"));
        assertThat(Files.readAllLines(home.resolve("dirty/job.jsonl")))
                .hasSize(3)
                .allMatch(line -> line.contains("holds the delimiter") && line.contains("column0=a,b"));
        assertThat(job("run", file(STREAM, text("append", "text", "out"), "{}").toString(), "-p", "-Dsite=\\N"))
                .isEqualTo(1);
        assertThat(said).contains("would be read as NULL");
    }

    @Test
    void exitCodesAreThoseOfDatax() throws Exception {
        Path job = file(STREAM, text("append", "text", "out"), "{}");
        assertThat(job("check", job.toString(), "-p", "-Dsite=shop")).isZero();
        assertThat(said).contains("streamreader to txtfilewriter, 1 channel");
        assertThat(job("check", job.toString())).isEqualTo(1);
        assertThat(said).contains("no value for variable site");
        assertThat(job("run", home.resolve("none.json").toString())).isEqualTo(255);
        assertThat(job("walk")).isEqualTo(255);
        assertThat(job("run", job.toString(), "-p", "site=shop")).isEqualTo(255);
    }

    @Test
    void aSmallJobInAWarmJvmTakesLessThanASecond() throws Exception {
        Path job = file(STREAM.replace("5000", "200"), text("truncate", "csv", "small"), "{}");
        assertThat(job("run", job.toString(), "-p", "-Dsite=shop")).as(said).isZero();
        long start = System.nanoTime();
        assertThat(job("run", job.toString(), "-p", "-Dsite=shop")).as(said).isZero();
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(1);
    }
}
