package io.granary.ingestion.sync.job;

import java.util.List;

/**
 * {@code ftpreader}: rows of text files on an FTP or SFTP server, a file being a part.
 *
 * @param protocol {@code ftp} or {@code sftp}
 * @param port 21 or 22 unless set
 * @param timeout milliseconds to connect, 60,000 unless set
 * @param connectPattern of FTP: {@code PASV} (default) or {@code PORT}
 * @param password a {@link PasswordReference}; null with a private key
 * @param privateKey of SFTP: path of the key's file on this machine, or null
 * @param keyPassword a {@link PasswordReference} for the key's file, or null
 * @param path files and folders; {@code *} stands for any part of a name
 * @param maxTraversalLevel how deep folders are searched, 100 unless set
 * @param column empty: all columns as text; in JSON {@code ["*"]}
 */
public record FtpReader(
        String protocol,
        String host,
        Integer port,
        Integer timeout,
        String connectPattern,
        String username,
        String password,
        String privateKey,
        String keyPassword,
        List<String> path,
        Integer maxTraversalLevel,
        List<ReaderColumn> column,
        TextKeys text)
        implements DataxJob.Reader {
    public static final String NAME = "ftpreader";
    private static final int FTP = 21;
    private static final int SFTP = 22;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int DEPTH = 100;

    public FtpReader {
        protocol = Required.lower(protocol);
        Required.oneOf(NAME, "protocol", protocol, "ftp", "sftp");
        Required.text(NAME, "host", host);
        port = port == null ? Integer.valueOf(protocol.equals("ftp") ? FTP : SFTP) : port;
        timeout = timeout == null ? TIMEOUT_MILLIS : timeout;
        maxTraversalLevel = maxTraversalLevel == null ? DEPTH : maxTraversalLevel;
        Required.positive(NAME, "port", port);
        Required.positive(NAME, "timeout", timeout);
        Required.positive(NAME, "maxTraversalLevel", maxTraversalLevel);
        if (connectPattern != null) {
            Required.oneOf(NAME, "connectPattern", connectPattern, "PASV", "PORT");
        }
        Required.text(NAME, "username", username);
        if (privateKey == null) {
            PasswordReference.check(NAME, password);
            Required.absent(NAME, "keyPassword", keyPassword, "there is no privateKey");
        } else {
            Required.absent(NAME, "privateKey", protocol.equals("ftp") ? privateKey : null, "protocol is ftp");
            if (keyPassword != null) {
                PasswordReference.check(NAME, keyPassword);
            }
        }
        path = Required.list(NAME, "path", path);
        column = Required.columns(NAME, column);
        text.format(NAME);
    }

    @Override
    public String plugin() {
        return NAME;
    }

    /** How rows stand in the files. */
    public TextFormat textFormat() {
        return text.format(NAME);
    }
}
