package io.granary.ingestion.flume;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Locks of the operating system that keep two agents of one machine from reading the same files for the same source: one
 * beside the position file, and one in a folder of the machine for each glob. They end with the process.
 */
final class Locks implements AutoCloseable {
    private final List<FileChannel> held = new ArrayList<>();

    /**
     * Takes all locks of a source.
     *
     * @throws GranaryException when another agent holds one; it names the setting
     */
    static Locks take(TailSettings settings, Complaints complaints) {
        Locks locks = new Locks();
        try {
            Path own = settings.positionFile()
                    .resolveSibling(settings.positionFile().getFileName() + ".lock");
            locks.take(own, "positionFile = " + settings.positionFile(), settings.source());
            for (FileSet files : settings.files()) {
                String what = settings.region() + " " + settings.source() + " " + files.glob();
                byte[] name = what.getBytes(StandardCharsets.UTF_8);
                Path shared = settings.lockFolder().resolve(ChunkReader.hash(name, name.length) + ".lock");
                try {
                    Files.createDirectories(shared.getParent());
                    locks.take(shared, files.described(), settings.source());
                } catch (IOException e) {
                    complaints.say(
                            Instant.EPOCH,
                            "cannot lock " + files.described() + " with " + shared + " (setting lockFolder): " + e
                                    + ". Nothing keeps a second agent of this machine from reading the same files.");
                }
            }
            return locks;
        } catch (IOException e) {
            locks.close();
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot lock position file " + settings.positionFile() + ": " + e, e);
        } catch (GranaryException e) {
            locks.close();
            throw e;
        }
    }

    private void take(Path file, String setting, String source) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        held.add(channel);
        boolean taken;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            taken = false; // held by this process
        }
        if (!taken) {
            ByteBuffer holder = ByteBuffer.allocate(64);
            channel.read(holder, 0);
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "another agent of this machine (process "
                            + new String(holder.array(), 0, holder.position(), StandardCharsets.UTF_8).trim()
                            + ") reads " + setting + " of " + source + " already. Stop it, or give this agent other"
                            + " files.");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    @Override
    public void close() {
        for (FileChannel channel : held) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        held.clear();
    }
}
