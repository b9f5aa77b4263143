package io.granary.ingestion.pull;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files of an SFTP server whose host key is known. */
final class SftpFiles implements RemoteFiles {
    private final Session session;
    private final ChannelSftp channel;

    private SftpFiles(Session session, ChannelSftp channel) {
        this.session = session;
        this.channel = channel;
    }

    static SftpFiles open(RemoteServer server, Duration timeout) throws IOException {
        JSch ssh = new JSch();
        KnownHostKey key = new KnownHostKey(server.hostKey());
        ssh.setHostKeyRepository(key);
        Session session = null;
        try {
            if (!server.privateKey().isEmpty()) {
                byte[] content = (server.privateKey().strip() + "\n").getBytes(StandardCharsets.UTF_8);
                ssh.addIdentity(server.name(), content, null, null);
            }
            session = ssh.getSession(server.user(), server.host(), server.port());
            session.setPassword(server.password().isEmpty() ? null : server.password());
            session.setConfig("StrictHostKeyChecking", "yes");
            session.setConfig("PreferredAuthentications", "publickey,password,keyboard-interactive");
            session.setServerAliveInterval((int) timeout.toMillis());
            session.setTimeout((int) timeout.toMillis());
            session.connect((int) timeout.toMillis());
            ChannelSftp channel = (ChannelSftp) session.openChannel("sftp");
            channel.connect((int) timeout.toMillis());
            return new SftpFiles(session, channel);
        } catch (JSchException e) {
            if (session != null) {
                session.disconnect();
            }
            throw refused(server, key, e);
        }
    }

    /** An {@link IOException} when another try may help. */
    private static IOException refused(RemoteServer server, KnownHostKey key, JSchException e) {
        if (key.foreign() != null) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    server + " shows the host key " + key.foreign() + ", the profile knows " + server.hostKey()
                            + ". Nothing was sent to it. Ask its administrator whether the key was changed, and only then"
                            + " correct connections." + server.name() + ".host_key.",
                    e);
        }
        if (String.valueOf(e.getMessage()).startsWith("Auth ")
                || String.valueOf(e.getMessage()).startsWith("USERAUTH")
                || String.valueOf(e.getMessage()).startsWith("invalid privatekey")) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    server + " does not let user '" + server.user() + "' in (" + e.getMessage()
                            + "). Correct connections." + server.name() + " in the profile.",
                    e);
        }
        return new IOException(server + ": " + e.getMessage(), e);
    }

    @Override
    public List<RemoteFile> list(String folder) throws IOException {
        return entries(folder).stream()
                .filter(entry -> entry.getAttrs().isReg())
                .map(entry -> file(inside(folder, entry), entry.getAttrs()))
                .toList();
    }

    @Override
    public List<String> folders(String folder) throws IOException {
        return entries(folder).stream()
                .filter(entry ->
                        entry.getAttrs().isDir() && !entry.getFilename().matches("[.]{1,2}"))
                .map(entry -> inside(folder, entry))
                .toList();
    }

    private static String inside(String folder, ChannelSftp.LsEntry entry) {
        return (folder.endsWith("/") ? folder : folder + "/") + entry.getFilename();
    }

    private List<ChannelSftp.LsEntry> entries(String folder) throws IOException {
        List<ChannelSftp.LsEntry> entries = new ArrayList<>();
        try {
            channel.ls(literal(folder), entry -> {
                entries.add(entry);
                return ChannelSftp.LsEntrySelector.CONTINUE;
            });
            return entries;
        } catch (SftpException e) {
            if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                return List.of();
            }
            throw failed("cannot list " + folder, e);
        }
    }

    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        try {
            SftpATTRS attributes = channel.stat(literal(path));
            return attributes.isReg() ? Optional.of(file(path, attributes)) : Optional.empty();
        } catch (SftpException e) {
            if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw failed("cannot look at " + path, e);
        }
    }

    private static RemoteFile file(String path, SftpATTRS attributes) {
        return new RemoteFile(
                path,
                attributes.getSize(),
                Instant.ofEpochSecond(Integer.toUnsignedLong(attributes.getMTime()))
                        .toString());
    }

    @Override
    public Reading open(RemoteFile file, long offset) throws IOException {
        try {
            return new Reading(channel.get(literal(file.path()), null, offset), offset);
        } catch (SftpException e) {
            throw failed("cannot read " + file.path(), e);
        }
    }

    /** The library takes {@code * ? [} for patterns. */
    private static String literal(String path) {
        return path.replaceAll("([\\\\*?\\[])", "\\\\$1");
    }

    private static IOException failed(String what, SftpException e) {
        return new IOException(what + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        channel.disconnect();
        session.disconnect();
    }
}
