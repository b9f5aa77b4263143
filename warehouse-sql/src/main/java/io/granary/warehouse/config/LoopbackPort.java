package io.granary.warehouse.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of servers on 127.0.0.1, chosen before the server starts. They lie below the range from which Linux gives out
 * ports for outgoing connections (32768 and up): any of those may be taken between the choice and the start.
 */
public final class LoopbackPort {
    public static final int LOWEST = 15000;
    /** The first that is not chosen. */
    public static final int END = 32000;

    private LoopbackPort() {}

    /** Whether a server of this user could open it now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A free one, at random, so that two who choose at the same time hardly meet. */
    public static int anyFree() {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, END);
        while (!isFree(port)) {
            port = port + 1 < END ? port + 1 : LOWEST;
        }
        return port;
    }
}
