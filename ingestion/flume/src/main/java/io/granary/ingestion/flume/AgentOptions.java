package io.granary.ingestion.flume;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.Option;

/** What the agent's verbs share. */
final class AgentOptions {
    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "Name of this machine in chunks and landing files (default: its host name)")
    private String host;

    String host() {
        if (host != null) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new GranaryException(
                    ErrorCode.USAGE, "this machine has no host name; give one with --host NAME (" + e + ")", e);
        }
    }
}
