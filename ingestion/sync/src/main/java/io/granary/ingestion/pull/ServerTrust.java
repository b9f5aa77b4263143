package io.granary.ingestion.pull;

import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates a server may show: those signed by its {@code ca_certificate}, else those that Java trusts. */
final class ServerTrust {
    private ServerTrust() {}

    /** @throws GranaryException when {@code ca_certificate} cannot be read */
    static SSLContext of(RemoteServer server) {
        try {
            return server.caCertificate().isEmpty() ? SSLContext.getDefault() : signedBy(server.caCertificate());
        } catch (GeneralSecurityException | IOException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "connections." + server.name() + ".ca_certificate of the profile cannot be read: " + e.getMessage()
                            + ". It is one or more certificates in PEM.",
                    e);
        }
    }

    private static SSLContext signedBy(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /**
     * The failure itself when another try may help.
     *
     * @throws GranaryException when the server's certificate is not trusted
     */
    static IOException refused(RemoteServer server, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        server + " shows a certificate that is not trusted: " + cause.getMessage()
                                + ". Nothing was sent to it. "
                                + advice(server, cause.getCause() instanceof CertPathBuilderException),
                        failure);
            }
        }
        return failure;
    }

    private static String advice(RemoteServer server, boolean signedByNobody) {
        String connection = "connections." + server.name();
        return signedByNobody
                ? "If it is the right server, let " + connection
                        + ".ca_certificate of the profile be the certificate of"
                        + " who signed its own: \"${file:certificates/" + server.name() + ".pem}\"."
                : "Let " + connection + ".host of the profile be the name that the certificate is for, or ask the"
                        + " server's owner.";
    }
}
