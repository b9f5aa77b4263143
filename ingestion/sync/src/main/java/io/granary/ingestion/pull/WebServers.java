package io.granary.ingestion.pull;

import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The HTTP servers that the profile names: no other is asked, wherever a redirect leads. */
record WebServers(List<RemoteServer> servers) {
    /** Where clouds answer with secrets, beside the link-local addresses. */
    private static final Set<String> METADATA = Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200");

    WebServers {
        servers = List.copyOf(servers);
    }

    /**
     * The server of an address: the one that was asked first, or another where it redirects to.
     *
     * @param from the server that was asked first
     * @throws GranaryException when it is none of these, or lies where only machines talk to themselves
     */
    RemoteServer require(URI target, RemoteServer from) throws IOException {
        RemoteServer server = new WebServers(List.of(from))
                .of(target)
                .or(() -> of(target))
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.EXTERNAL,
                        from + " redirects to " + shown(target)
                                + ", which is no server of the profile. Nothing was sent"
                                + " there. If files shall come from it, name it under connections (type: http)."));
        try {
            for (InetAddress address : InetAddress.getAllByName(server.host())) {
                refuseInternal(server, address);
            }
        } catch (UnknownHostException e) {
            throw new IOException(server + ": host '" + server.host() + "' is not known", e);
        }
        return server;
    }

    /** The server of an address; none when it is not named here. */
    Optional<RemoteServer> of(URI target) {
        return servers.stream()
                .filter(server -> target.getUserInfo() == null && isOn(server, target))
                .findFirst();
    }

    private static boolean isOn(RemoteServer server, URI target) {
        String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
        int port = target.getPort() >= 0 ? target.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme.equals(server.tls() ? "https" : "http")
                && server.host().equalsIgnoreCase(target.getHost())
                && server.port() == port;
    }

    private static void refuseInternal(RemoteServer server, InetAddress address) {
        if (address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address.getHostAddress())) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    server + " is at " + address.getHostAddress()
                            + ", an address where machines and clouds keep what is their own. Nothing was sent there.");
        }
    }

    private static String shown(URI target) {
        return target.getScheme() + "://" + target.getHost() + (target.getPort() < 0 ? "" : ":" + target.getPort());
    }
}
