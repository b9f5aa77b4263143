package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.file.Sources;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import io.granary.warehouse.text.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What {@code granary pull} makes of the files of a day. */
class PullTest extends PullScene {
    @Test
    void filesOfAnSftpServerAreLandedWhenTheyAreCompleteAndAgainWhenTheyChange() throws Exception {
        SourceNode source = source(
                "refund",
                "ftp",
                "payments",
                "/{ds:yyyyMMdd}/refund-*.csv.gz",
                new FileFetch.Completeness("/{ds:yyyyMMdd}/_SUCCESS", null, null),
                "sha256",
                null);
        write("20261101/refund-1.csv.gz", gzip(HEADER + "1,10.50,2026-11-01 10:05:00.5,\"=1+2, \"\"x\"\"\"\n2,,,\n"));
        write("20261101/refund-2.csv.gz", gzip("note,at,amount,id\n\"\",2026-11-01T10:05:00+08:00,-0.01,3\n"));
        sums("20261101/refund-1.csv.gz", "20261101/refund-2.csv.gz");

        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("marker /20261101/_SUCCESS is not there", "was due", "--wait");

        write("20261101/_SUCCESS", "");
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(rows(source))
                .containsExactly(
                        "1|10.50|2026-11-01 10:05:00.5|=1+2, \"x\"",
                        "2|null|null|null",
                        "3|-0.01|2026-11-01 02:05:00|");
        assertThat(home.resolve("pull/files.refund/" + DS)).doesNotExist();
        String version = location(source);

        assertThat(pull(source)).isZero();
        assertThat(err.toString()).contains("has these files already: nothing to do");
        assertThat(location(source)).isEqualTo(version);

        write("20261101/refund-2.csv.gz", gzip(HEADER + "4,1.00,,changed\n"));
        sums("20261101/refund-2.csv.gz");
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(err.toString())
                .contains("payments:/20261101/refund-2.csv.gz has changed. The day is published again");
        assertThat(rows(source)).hasSize(3).contains("4|1.00|null|changed");
    }

    @Test
    void rowsThatDoNotFitAreKeptAsideUpToTheLimit() throws Exception {
        SourceNode source = source("dirty", "ftp", "bank", "/dirty.csv", null, null, new TableRead.Errors(2L, null));
        write("dirty.csv", HEADER + "1,1.001,,a\nx,2.00,2026-02-30 00:00:00,b\n3,3.00,,c\n");
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(rows(source)).containsExactly("3|3.00|null|c");
        assertThat(Files.readString(home.resolve("dirty/pull.files.dirty." + DS + ".jsonl")))
                .contains("/dirty.csv, line 2", "\"column\":\"amount\"", "1.001", "/dirty.csv, line 3", "2026-02-30");

        write("dirty.csv", HEADER + "1,1.001,,a\nx,2.00,,b\n,3.00,,c\n");
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("/dirty.csv, line 4", "id");
        assertThat(rows(source)).containsExactly("3|3.00|null|c");
    }

    @Test
    void aManifestSaysWhatIsThereAndTheRestIsFetchedByRange() throws Exception {
        SourceNode source = new FileFetchOf("rates", "rates", "/v1/{ds}/rates-*.jsonl")
                .json(new FileFetch.Completeness(null, "/v1/{ds}/MANIFEST.json", null));
        String rows = "{\"id\": 1, \"amount\": 1.5, \"note\": \"é\", \"extra\": 1}\n{\"id\": 2, \"amount\": null}\n";
        http.put("/v1/" + DS + "/rates-1.jsonl", rows);
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("manifest /v1/2026-11-01/MANIFEST.json is not there");

        http.put(
                "/v1/" + DS + "/MANIFEST.json",
                "{\"files\": [{\"name\": \"rates-1.jsonl\", \"size\": " + rows.getBytes(StandardCharsets.UTF_8).length
                        + ", \"sha256\": \"" + Digests.sha256(rows) + "\"}]}");
        http.cut("/v1/" + DS + "/rates-1.jsonl", 20);
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(rows(source)).containsExactly("1|1.50|null|é", "2|null|null|null");
        assertThat(err.toString()).contains("not taken, since no column has its name: key 'extra'");
        assertThat(http.requests()).contains("GET /v1/2026-11-01/rates-1.jsonl bytes=20- with credentials");
    }

    @Test
    void afterTheDeadlineItIsLate() throws Exception {
        FileFetch fetch = new FileFetch("/late.csv", Sources.CSV, null, null, RETRY, null);
        SourceNode source = Sources.pulled("late", "http", "rates", fetch, "1s");
        Sources.manifest(source).write(home.resolve("target/manifest.json"));
        String past = LocalDate.now(ZoneOffset.UTC).minusDays(2).toString();
        assertThat(run("files.late", "--ds", past, "--wait")).isEqualTo(1);
        assertThat(err.toString())
                .contains("files.late ds=" + past + " is late: there is no file /late.csv", "rates's owner");
    }
}
