package io.granary.streaming.store;

import io.granary.warehouse.config.LoopbackPort;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/** A real Redis that can be killed and started again, on loopback, with its files in a folder. */
public final class RedisProcess implements AutoCloseable {
    private static final File BINARY = binary();

    /** The nodes of a cluster talk to each other on the port that lies so far above. */
    private static final int BUS = 10_000;

    public final int port;
    final Path folder;
    private final List<String> settings;
    private Process process;

    /** @param settings as on the command line; a repeated one overrides */
    public RedisProcess(Path folder, String... settings) throws IOException {
        this(LoopbackPort.anyFree(), folder, settings);
    }

    private RedisProcess(int port, Path folder, String... settings) throws IOException {
        this.port = port;
        this.folder = Files.createDirectories(folder);
        this.settings = List.of(settings);
        start();
    }

    /** A node of a cluster. Its second port lies below those of outgoing connections too. */
    static RedisProcess ofCluster(Path folder) throws IOException {
        int port = LoopbackPort.anyFree();
        while (port + BUS >= LoopbackPort.END || !LoopbackPort.isFree(port + BUS)) {
            port = LoopbackPort.anyFree();
        }
        return new RedisProcess(port, folder, "--cluster-enabled", "yes");
    }

    private static File binary() {
        try {
            return ExecutableProvider.newJarResourceProvider().get();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts it, with more settings; returns when it accepts connections, perhaps still loading. */
    public void start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                BINARY.getAbsolutePath(),
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--loglevel",
                "warning"));
        command.addAll(settings);
        command.addAll(List.of(more));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        while (true) {
            if (isOurs()) {
                return;
            }
            if (!process.isAlive()) {
                throw new IOException("Redis ended: " + Files.readString(folder.resolve("log")));
            }
            pause(20);
        }
    }

    /** Another program may have taken the port meanwhile. */
    private boolean isOurs() {
        try (Jedis jedis = new Jedis("127.0.0.1", port)) {
            return jedis.info("server").contains("process_id:" + process.pid() + "\r");
        } catch (JedisException e) {
            return false;
        }
    }

    /** As kill -9. */
    public void kill() {
        process.destroyForcibly();
        while (process.isAlive()) {
            pause(5);
        }
    }

    /** Removes what a killed one has kept: it starts empty. */
    public void forget() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.endsWith("log")).toList()) {
                Files.delete(file);
            }
        }
    }

    Jedis jedis() {
        return new Jedis("127.0.0.1", port, 10_000);
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
