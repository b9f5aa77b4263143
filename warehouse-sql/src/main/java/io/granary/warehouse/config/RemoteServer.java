package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A server that files may come from; what it takes to be let in is resolved when the server is asked for.
 *
 * @param name the name project files use, such as {@code payments}
 * @param type {@code ftp}, {@code sftp} or {@code http}
 * @param user empty: anonymous
 * @param password empty where there is none
 * @param privateKey of {@code sftp}, the content of a key file (OpenSSH or PEM); empty where a password is used
 * @param hostKey of {@code sftp}, the fingerprint of the server's key as {@code SHA256:…}
 * @param tls whether {@code ftp} and {@code http} are spoken over TLS
 * @param caCertificate PEM of the certificates of which one must have signed the server's; empty: of those that Java trusts
 */
public record RemoteServer(
        String name,
        String type,
        String host,
        int port,
        String user,
        String password,
        String privateKey,
        String hostKey,
        boolean tls,
        String caCertificate) {
    /** Types of connections that are servers of files. */
    public static final List<String> TYPES = List.of("ftp", "sftp", "http");
    /** Keys of such a connection in the profile. */
    static final Set<String> KEYS =
            Set.of("type", "host", "port", "user", "password", "private_key", "host_key", "tls", "ca_certificate");

    private static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}=?";

    /** @param values those of the connection, references resolved; {@code at} is what precedes their keys */
    static RemoteServer of(String name, ConfigSource values) {
        String at = "connections." + name + ".";
        String type = values.value(at + "type").orElse("");
        String host = values.value(at + "host").orElse("");
        if (!TYPES.contains(type) || host.isBlank()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    at + "type is '" + type + "', host '" + host
                            + "'; a server of files has a host and one of the types " + String.join(", ", TYPES));
        }
        boolean tls = flag(at + "tls", values.value(at + "tls"));
        RemoteServer server = new RemoteServer(
                name,
                type,
                host,
                values.value(at + "port").map(port -> port(at, port)).orElse(usualPort(type, tls)),
                values.value(at + "user").orElse(""),
                values.value(at + "password").orElse(""),
                values.value(at + "private_key").orElse(""),
                values.value(at + "host_key").orElse(""),
                tls,
                values.value(at + "ca_certificate").orElse(""));
        if (type.equals("sftp") && !server.hostKey.matches(FINGERPRINT)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    at + "host_key is '" + server.hostKey + "'; it must be the fingerprint of the server's key,"
                            + " SHA256:…, which its administrator can tell (`ssh-keygen -l -f ssh_host_ed25519_key.pub`)");
        }
        server.refuseUselessCertificate(at);
        return server;
    }

    private void refuseUselessCertificate(String at) {
        if (caCertificate.isEmpty()) {
            return;
        }
        if (type.equals("sftp") || !tls) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    at + "ca_certificate says whose certificates are trusted, and " + this
                            + " shows none: it is for ftp and http over TLS. Remove it.");
        }
        if (!caCertificate.contains("-----BEGIN CERTIFICATE-----")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    at + "ca_certificate is no certificate in PEM (-----BEGIN CERTIFICATE-----); name a file that holds"
                            + " one: \"${file:certificates/ca.pem}\"");
        }
    }

    private static int usualPort(String type, boolean tls) {
        return Map.of("ftp", 21, "sftp", 22, "http", tls ? 443 : 80).get(type);
    }

    private static int port(String at, String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new GranaryException(ErrorCode.DEFINITION, at + "port is '" + text + "', not a number");
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(String key, Optional<String> text) {
        return switch (text.orElse("true")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION, key + " is '" + text.orElse("") + "'; it is true or false");
        };
    }

    /** Without password and key. */
    @Override
    public String toString() {
        return name + " (" + type + (type.equals("sftp") || tls ? "" : " without TLS") + " " + host + ":" + port + ")";
    }
}
