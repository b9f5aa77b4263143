package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import org.junit.jupiter.api.Test;

/** Servers and files that {@code granary pull} does not trust. */
class PullRefusalTest extends PullScene {
    @Test
    void aHostKeyThatTheProfileDoesNotKnowEndsItBeforeAPasswordIsSent() throws Exception {
        SourceNode source = source("foreign", "ftp", "payments", "/any.csv", null, null, null);
        profile(sftp.port(), "SHA256:" + "A".repeat(43));
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("shows the host key " + sftp.fingerprint(), "Nothing was sent");
        assertThat(err.toString()).doesNotContain("s3cret", "again in");
    }

    @Test
    void aWrongSumIsNoDay() throws Exception {
        SourceNode source = source("wrong", "http", "rates", "/wrong.csv", null, "md5", null);
        http.put("/wrong.csv", HEADER + "1,1.00,,a\n");
        http.put("/wrong.csv.md5", "0123456789abcdef0123456789abcdef  wrong.csv\n");
        assertThat(pull(source)).isEqualTo(1);
        assertThat(err.toString()).contains("/wrong.csv has the MD5 sum", "0123456789abcdef", "Nothing was published");
        assertThat(sql.query("SHOW TABLES IN ods LIKE 'ods_files_wrong_di'").rows())
                .isEmpty();
    }

    @Test
    void redirectsLeadToServersOfTheProfileOnly() throws Exception {
        mirror.put("/moved.csv", HEADER + "1,1.00,,a\n");
        http.redirect("/moved.csv", "http://127.0.0.1:" + mirror.port() + "/moved.csv");
        SourceNode moved = source("moved", "http", "rates", "/moved.csv", null, null, null);
        assertThat(pull(moved)).as(err.toString()).isZero();
        assertThat(mirror.requests()).allMatch(r -> !r.contains("credentials"));

        try (HttpTestServer foreign = new HttpTestServer()) {
            http.redirect("/foreign.csv", "http://127.0.0.1:" + foreign.port() + "/foreign.csv");
            assertThat(pull(source("away", "http", "rates", "/foreign.csv", null, null, null)))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .contains("redirects to http://127.0.0.1:" + foreign.port(), "no server of the profile");
            assertThat(foreign.requests()).isEmpty();
        }
        http.redirect("/meta.csv", "http://169.254.169.254/latest/meta-data");
        assertThat(pull(source("meta", "http", "rates", "/meta.csv", null, null, null)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is at 169.254.169.254");
    }

    @Test
    void aFileThatGrowsIsNotTaken() throws Exception {
        http.put("/growing.csv", HEADER + "1,1.00,,a\n");
        http.grow("/growing.csv", "2,2.00,,b\n");
        assertThat(pull(source("growing", "http", "rates", "/growing.csv", null, null, null)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("somebody is still writing it");
        assertThat(pull(source(
                        "unstable",
                        "http",
                        "rates",
                        "/growing.csv",
                        new FileFetch.Completeness(null, null, "0s"),
                        null,
                        null)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("are still being written");
    }
}
