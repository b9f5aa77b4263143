package io.granary.ingestion.pull;

import io.granary.warehouse.config.LoopbackPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A real SFTP server over a folder; user granary, password s3cret. */
final class SftpTestServer implements AutoCloseable {
    private final SshServer server = SshServer.setUpDefaultServer();
    private final String fingerprint;

    SftpTestServer(Path root, Path hostKey) throws Exception {
        SimpleGeneratorHostKeyProvider keys = new SimpleGeneratorHostKeyProvider(hostKey);
        server.setHost("127.0.0.1");
        server.setPort(LoopbackPort.anyFree());
        server.setKeyPairProvider(keys);
        server.setPasswordAuthenticator(
                (user, password, session) -> user.equals("granary") && password.equals("s3cret"));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        server.start();
        this.fingerprint = KeyUtils.getFingerPrint(
                BuiltinDigests.sha256, keys.loadKeys(null).iterator().next().getPublic());
    }

    int port() {
        return server.getPort();
    }

    String fingerprint() {
        return fingerprint;
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
