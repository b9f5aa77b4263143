package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.Digests;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection that carries a file's bytes is cut, and the one of the commands is not: no half file is ever taken for one. */
class FtpDataCutTest {
    /** More than fits into the buffers on the way, so that the server sees a cut. */
    private static final int ROWS = 20_000;

    private static final String NOTE = "x".repeat(600);

    @TempDir
    Path home;

    private FtpTestServer ftp;
    private String csv;

    @BeforeEach
    void start() throws Exception {
        StringBuilder rows = new StringBuilder("id,amount,at,note\n");
        for (int i = 0; i < ROWS; i++) {
            rows.append(i).append(",1.00,,").append(NOTE).append("\n");
        }
        csv = rows.toString();
        Path root = Files.createDirectories(home.resolve("root"));
        Files.writeString(root.resolve("rows.csv"), csv);
        ftp = new FtpTestServer(root);
    }

    @AfterEach
    void stop() {
        ftp.close();
    }

    private FolderPull pull(FtpDataProxy proxy) throws Exception {
        return new FolderPull(
                home,
                "  bank: {type: ftp, host: 127.0.0.1, port: " + proxy.port()
                        + ", user: granary, password: s3cret, tls: false}\n");
    }

    @ParameterizedTest
    @EnumSource
    void theFileIsGoneOnFromWhereItWasCut(FtpDataProxy.Cut cut) throws Exception {
        try (FtpDataProxy proxy = new FtpDataProxy(ftp.port(), cut, 100_000)) {
            FolderPull pull = pull(proxy);
            SourceNode source = FolderPull.source("cut", "ftp", "bank", "/rows.csv");
            proxy.cut(2);
            assertThat(pull.pull(source).rows()).isEqualTo(ROWS);
            assertThat(pull.said()).contains("reading /rows.csv: ", "; again in 0.0 s");
            assertThat(ftp.commands()).contains("REST 100000", "REST 200000");
            assertThat(pull.rows(source).stream().map(row -> row.get("id")).distinct())
                    .hasSize(ROWS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatDoesNotComeWholeIsNotTaken(FtpDataProxy.Cut cut) throws Exception {
        try (FtpDataProxy proxy = new FtpDataProxy(ftp.port(), cut, 50_000)) {
            FolderPull pull = pull(proxy);
            SourceNode source = FolderPull.source("torn", "ftp", "bank", "/rows.csv");
            proxy.cut(3);
            assertThatThrownBy(() -> pull.pull(source))
                    .hasMessageStartingWith("reading /rows.csv failed 3 times, at last with: ")
                    .hasMessageContaining(
                            cut == FtpDataProxy.Cut.BOTH_ENDS
                                    ? "the server broke off"
                                    : "150000 of " + csv.length() + " bytes came");
            assertThat(pull.rows(source)).isEmpty();
            Path part = home.resolve(
                    "pull/files.torn/2026-11-01/" + Digests.sha256("/rows.csv").substring(0, 32) + ".part");
            assertThat(part).hasSize(150_000);
            assertThat(pull.pull(source).rows()).isEqualTo(ROWS);
            assertThat(ftp.commands()).contains("REST 150000");
            assertThat(pull.rows(source)).hasSize(ROWS);
        }
    }

    @Test
    void aManifestThatIsCutIsReadAgain() throws Exception {
        try (FtpDataProxy proxy = new FtpDataProxy(ftp.port(), FtpDataProxy.Cut.CLIENTS_END, 1000)) {
            StringWriter said = new StringWriter();
            Servers servers = new Servers(pull(proxy).profile(), Duration.ofSeconds(5));
            ServerCalls.Opening opening = servers.of(pull(proxy).profile().remote("bank"));
            try (ServerCalls calls = new ServerCalls(opening, 3, Duration.ZERO, new PrintWriter(said, true))) {
                proxy.cut(1);
                Optional<String> text = new Download(calls, home.resolve("texts")).text("/rows.csv", 1 << 24);
                assertThat(text).contains(csv);
            }
            assertThat(said.toString()).contains("/rows.csv has " + csv.length() + " bytes, 1000 of them came");
        }
    }
}
