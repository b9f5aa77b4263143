package io.granary.ingestion.pull;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Duration;
import java.util.Set;

/** Servers that the profile names. */
record Servers(Profile profile, Duration timeout) {
    /** How the files of a source are reached; nothing is connected yet. */
    ServerCalls.Opening of(SourceNode source) {
        RemoteServer server = profile.remote(source.connection());
        Set<String> fitting = source.type().equals("http") ? Set.of("http") : Set.of("ftp", "sftp");
        if (!fitting.contains(server.type())) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + " is of type " + source.type() + ", its connection " + server
                            + " is not");
        }
        return of(server);
    }

    ServerCalls.Opening of(RemoteServer server) {
        return switch (server.type()) {
            case "ftp" -> () -> FtpFiles.open(server, timeout);
            case "sftp" -> () -> SftpFiles.open(server, timeout);
            default -> () -> new HttpFiles(server, new WebServers(profile.webServers()), timeout);
        };
    }
}
