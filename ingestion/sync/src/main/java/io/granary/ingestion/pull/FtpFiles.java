package io.granary.ingestion.pull;

import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPCmd;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of an FTP server, passive and binary; over TLS (explicit) unless the profile says otherwise. */
final class FtpFiles implements RemoteFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FtpFiles.class);

    private final FTPClient ftp;
    private final boolean hasFacts;

    private FtpFiles(FTPClient ftp) throws IOException {
        this.ftp = ftp;
        this.hasFacts = ftp.hasFeature("MLST");
    }

    static FtpFiles open(RemoteServer server, Duration timeout) throws IOException {
        FTPClient ftp = server.tls() ? secured(server) : new FTPClient();
        try {
            ftp.setConnectTimeout((int) timeout.toMillis());
            ftp.setDefaultTimeout((int) timeout.toMillis());
            ftp.setDataTimeout(timeout);
            ftp.setAutodetectUTF8(true);
            ftp.connect(server.host(), server.port());
            if (!FTPReply.isPositiveCompletion(ftp.getReplyCode())) {
                throw new IOException(
                        server + " answers: " + ftp.getReplyString().strip());
            }
            ftp.setSoTimeout((int) timeout.toMillis());
            login(ftp, server);
            if (ftp instanceof FTPSClient tls) {
                tls.execPBSZ(0);
                tls.execPROT("P");
            }
            ftp.enterLocalPassiveMode();
            ftp.setFileType(FTP.BINARY_FILE_TYPE);
            return new FtpFiles(ftp);
        } catch (IOException e) {
            disconnect(ftp);
            throw ServerTrust.refused(server, e);
        } catch (RuntimeException e) {
            disconnect(ftp);
            throw e;
        }
    }

    /** The library's own default looks at the dates of a certificate only, not at who signed it. */
    private static FTPSClient secured(RemoteServer server) {
        FTPSClient ftp = new FTPSClient(false, ServerTrust.of(server));
        ftp.setEndpointCheckingEnabled(true);
        return ftp;
    }

    private static void login(FTPClient ftp, RemoteServer server) throws IOException {
        boolean anonymous = server.user().isEmpty();
        if (!ftp.login(anonymous ? "anonymous" : server.user(), anonymous ? "granary@" : server.password())) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    server + " does not let user '" + server.user() + "' in: "
                            + ftp.getReplyString().strip() + ". Correct connections." + server.name()
                            + " in the profile.");
        }
    }

    @Override
    public List<RemoteFile> list(String folder) throws IOException {
        return entries(folder).stream()
                .filter(FTPFile::isFile)
                .map(file -> file(folder, file))
                .toList();
    }

    @Override
    public List<String> folders(String folder) throws IOException {
        return entries(folder).stream()
                .filter(FTPFile::isDirectory)
                .map(entry -> file(folder, entry))
                .filter(entry -> !entry.name().matches("[.]{1,2}"))
                .map(RemoteFile::path)
                .toList();
    }

    private List<FTPFile> entries(String folder) throws IOException {
        FTPFile[] found = hasFacts ? ftp.mlistDir(folder) : ftp.listFiles(folder);
        if (ftp.getReplyCode() == FTPReply.FILE_UNAVAILABLE) {
            return List.of();
        }
        if (!FTPReply.isPositiveCompletion(ftp.getReplyCode())) {
            throw new IOException(
                    "cannot list " + folder + ": " + ftp.getReplyString().strip());
        }
        return Arrays.stream(found).filter(Objects::nonNull).toList();
    }

    private static RemoteFile file(String folder, FTPFile file) {
        String name = file.getName().substring(file.getName().lastIndexOf('/') + 1);
        String version = file.getTimestampInstant() == null
                ? ""
                : file.getTimestampInstant().toString();
        return new RemoteFile((folder.endsWith("/") ? folder : folder + "/") + name, file.getSize(), version);
    }

    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        return list(folder).stream().filter(file -> file.path().equals(path)).findFirst();
    }

    @Override
    public Reading open(RemoteFile file, long offset) throws IOException {
        boolean resumed = offset > 0 && ftp.hasFeature(FTPCmd.REST);
        if (resumed) {
            ftp.setRestartOffset(offset);
        }
        InputStream in = ftp.retrieveFileStream(file.path());
        if (in == null) {
            throw new IOException(
                    "cannot read " + file.path() + ": " + ftp.getReplyString().strip());
        }
        return new Reading(new Confirmed(in), resumed ? offset : 0);
    }

    @Override
    public void close() {
        disconnect(ftp);
    }

    private static void disconnect(FTPClient ftp) {
        try {
            if (ftp.isConnected()) {
                ftp.disconnect();
            }
        } catch (IOException e) {
            LOG.debug("closing a connection", e);
        }
    }

    /** The end of the data is the end of the file only when the server says so: a lost connection looks the same. */
    private final class Confirmed extends FilterInputStream {
        private boolean confirmed;

        Confirmed(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int count = super.read(buffer, from, length);
            if (count < 0 && !confirmed) {
                confirmed = true;
                in.close();
                if (!ftp.completePendingCommand()) {
                    throw new IOException(
                            "the server broke off: " + ftp.getReplyString().strip());
                }
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
            if (!confirmed) {
                // what the server still sends belongs to a transfer that nobody wants
                disconnect(ftp);
            }
        }
    }
}
