package io.granary.ingestion.pull;

import io.granary.warehouse.config.LoopbackPort;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.FtpRequest;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfigurationFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;

/** A real FTP server over a folder; user granary, password s3cret. Keeps the commands it was given. */
public final class FtpTestServer implements AutoCloseable {
    private final FtpServer server;
    private final int port = LoopbackPort.anyFree();
    private final List<String> commands = new CopyOnWriteArrayList<>();

    public FtpTestServer(Path root) throws FtpException {
        this(root, null);
    }

    /** @param certificate shown to clients that ask for TLS; null: it speaks none */
    FtpTestServer(Path root, TestCertificate certificate) throws FtpException {
        ListenerFactory listener = new ListenerFactory();
        if (certificate != null) {
            SslConfigurationFactory tls = new SslConfigurationFactory();
            tls.setKeystoreFile(certificate.store().toFile());
            tls.setKeystorePassword(TestCertificate.PASSWORD);
            listener.setSslConfiguration(tls.createSslConfiguration());
        }
        listener.setServerAddress("127.0.0.1");
        listener.setPort(port);
        BaseUser user = new BaseUser();
        user.setName("granary");
        user.setPassword("s3cret");
        user.setHomeDirectory(root.toString());
        FtpServerFactory factory = new FtpServerFactory();
        factory.addListener("default", listener.createListener());
        factory.getUserManager().save(user);
        factory.setFtplets(new HashMap<>(Map.of("commands", new DefaultFtplet() {
            @Override
            public FtpletResult beforeCommand(FtpSession session, FtpRequest request) {
                commands.add(request.getRequestLine());
                return FtpletResult.DEFAULT;
            }
        })));
        server = factory.createServer();
        server.start();
    }

    public int port() {
        return port;
    }

    List<String> commands() {
        return commands;
    }

    @Override
    public void close() {
        server.stop();
    }
}
