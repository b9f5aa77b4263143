package io.granary.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Writes numbered lines to two log files, and knows how many: the truth that collection is compared with. One file is
 * rotated by rename, the other by copytruncate: copied beside itself and cut to nothing in place. Nobody
 * writes between the copy and the cut, so nothing may be lost.
 */
final class NumberedLog implements AutoCloseable {
    private static final long TICK_MS = 20;
    private static final int LINES_A_TICK = 40;
    private static final double ROTATE = 0.01;

    private final Path folder;
    private final Random random;
    private final Thread thread;
    private FileChannel renamed;
    private FileChannel cut;
    private long lines;
    private int renames;
    private int cuts;
    private boolean paused = true;
    private boolean closed;
    private IOException failure;

    /** Begins paused. */
    NumberedLog(Path folder, Random random) throws IOException {
        this.folder = folder;
        this.random = random;
        this.renamed = open("access.log");
        this.cut = open("app.log");
        this.thread = new Thread(this::run, "numbered-log");
        thread.start();
    }

    synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Stops writing, at the end of a line; returns the number of lines so far, which bear the numbers from 0. */
    synchronized long pause() {
        paused = true;
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
        return lines;
    }

    /** How often the files were rotated, in words. */
    synchronized String rotations() {
        return renames + " renamed, " + cuts + " copied and cut";
    }

    @Override
    public void close() throws Exception {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.join();
        renamed.close();
        cut.close();
    }

    private synchronized void run() {
        try {
            while (!closed) {
                if (paused) {
                    wait();
                    continue;
                }
                write(renamed);
                write(cut);
                if (random.nextDouble() < ROTATE) {
                    rename();
                }
                if (random.nextDouble() < ROTATE) {
                    copyAndCut();
                }
                wait(TICK_MS);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Some lines, in two writes that do not end at the end of a line. */
    private void write(FileChannel file) throws IOException {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(LINES_A_TICK);
        for (int i = 0; i < count; i++, lines++) {
            text.append("203.0.113.")
                    .append(random.nextInt(250))
                    .append(" - u")
                    .append(lines)
                    .append(" [22/Nov/2026:04:")
                    .append(random.nextBoolean() ? "10" : "20")
                    .append(":00 +0000] \"GET /page/")
                    .append(random.nextInt(1000))
                    .append(" HTTP/1.1\" 200 ")
                    .append(random.nextInt(10_000))
                    .append(" \"-\" \"numbered\"\n");
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        int end = bytes.limit();
        bytes.limit(random.nextInt(end));
        file.write(bytes);
        bytes.limit(end);
        file.write(bytes);
    }

    private void rename() throws IOException {
        renames++;
        Files.move(folder.resolve("access.log"), folder.resolve("access.log." + renames));
        renamed.close();
        renamed = open("access.log");
    }

    private void copyAndCut() throws IOException {
        cuts++;
        Files.copy(folder.resolve("app.log"), folder.resolve("app.log." + cuts));
        cut.truncate(0);
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
