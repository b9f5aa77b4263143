package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from an FTP and an HTTP server over TLS, whose certificate only the profile knows. */
class TlsServersTest {
    private static final String ROWS = "id,amount,at,note\n1,10.50,,a\n2,0.01,,b\n";

    @TempDir
    static Path shared;

    @TempDir
    Path home;

    private static TestCertificate certificate;
    private static FtpTestServer ftp;
    private static HttpTestServer http;
    private FolderPull pull;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.make(shared);
        Path root = Files.createDirectories(shared.resolve("root"));
        Files.writeString(root.resolve("rows.csv"), ROWS);
        ftp = new FtpTestServer(root, certificate);
        http = HttpTestServer.secured(certificate);
        http.put("/rows.csv", ROWS);
    }

    @AfterAll
    static void stop() {
        http.close();
        ftp.close();
    }

    @BeforeEach
    void profile() throws Exception {
        Files.writeString(home.resolve("own.pem"), certificate.pem());
        String let = "user: granary, password: s3cret";
        pull = new FolderPull(home, """
                  bank: {type: ftp, host: 127.0.0.1, port: %1$d, %3$s, ca_certificate: "${file:own.pem}"}
                  bank-unknown: {type: ftp, host: 127.0.0.1, port: %1$d, %3$s}
                  bank-by-name: {type: ftp, host: localhost, port: %1$d, %3$s, ca_certificate: "${file:own.pem}"}
                  rates: {type: http, host: 127.0.0.1, port: %2$d, %3$s, ca_certificate: "${file:own.pem}"}
                  rates-unknown: {type: http, host: 127.0.0.1, port: %2$d, %3$s}
                  rates-by-name: {type: http, host: localhost, port: %2$d, %3$s, ca_certificate: "${file:own.pem}"}
                """.formatted(ftp.port(), http.port(), let));
        ftp.commands().clear();
        http.requests().clear();
    }

    @Test
    void ftpOverTls() throws Exception {
        SourceNode source = FolderPull.source("bank", "ftp", "bank", "/rows.csv");
        assertThat(pull.pull(source).rows()).isEqualTo(2);
        assertThat(pull.rows(source)).extracting(row -> row.get("note")).containsExactly("a", "b");
        assertThat(ftp.commands()).contains("AUTH TLS", "PBSZ 0", "PROT P", "RETR /rows.csv");
        assertThat(ftp.commands().indexOf("AUTH TLS")).isLessThan(ftp.commands().indexOf("USER granary"));
    }

    @Test
    void httpOverTls() throws Exception {
        SourceNode source = FolderPull.source("rates", "http", "rates", "/rows.csv");
        assertThat(pull.pull(source).rows()).isEqualTo(2);
        assertThat(pull.rows(source)).hasSize(2);
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedBeforeThePasswordIsSent() {
        for (String type : new String[] {"ftp", "http"}) {
            String connection = type.equals("ftp") ? "bank" : "rates";
            refused(type, connection + "-unknown", "unable to find valid certification path", "ca_certificate");
            refused(type, connection + "-by-name", "matching localhost found", "host");
        }
        assertThat(ftp.commands()).doesNotContain("USER granary").noneMatch(c -> c.startsWith("PASS"));
        assertThat(http.requests()).isEmpty();
        assertThat(pull.said()).as("it is not tried again").isEmpty();
    }

    private void refused(String type, String connection, String why, String key) {
        assertThatThrownBy(() -> pull.pull(FolderPull.source("refused", type, connection, "/rows.csv")))
                .isInstanceOf(GranaryException.class)
                .hasMessageStartingWith(connection + " (" + type)
                .hasMessageContaining("shows a certificate that is not trusted")
                .hasMessageContaining(why)
                .hasMessageContaining("connections." + connection + "." + key + " of the profile");
    }

    @Test
    void whatIsNoCertificateIsRefused() throws Exception {
        Files.writeString(home.resolve("torn.pem"), certificate.pem().substring(0, 100));
        Profile profile = new FolderPull(home, """
                  torn: {type: http, host: 127.0.0.1, port: %1$d, ca_certificate: "${file:torn.pem}"}
                  path: {type: http, host: 127.0.0.1, port: %1$d, ca_certificate: certificates/own.pem}
                  plain: {type: ftp, host: 127.0.0.1, tls: false, ca_certificate: "${file:own.pem}"}
                """.formatted(http.port())).profile();
        assertThatThrownBy(() -> ServerTrust.of(profile.remote("torn")))
                .hasMessageContaining("connections.torn.ca_certificate of the profile cannot be read");
        for (Map.Entry<String, String> wrong : Map.of("path", "is no certificate in PEM", "plain", "shows none")
                .entrySet()) {
            assertThatThrownBy(() -> profile.remote(wrong.getKey()))
                    .hasMessageContaining("connections." + wrong.getKey() + ".ca_certificate")
                    .hasMessageContaining(wrong.getValue());
        }
    }
}
