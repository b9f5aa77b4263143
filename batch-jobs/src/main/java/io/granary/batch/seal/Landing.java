package io.granary.batch.seal;

import io.granary.tablestore.HadoopSettings;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The landing folder of one source: the files the collector wrote, and the seals' records beside them. */
final class Landing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Landing.class);
    private static final Duration LEASE_RECOVERY = Duration.ofSeconds(60);

    private final FileSystem fs;
    private final Path folder;
    private final Path seals;

    private Landing(FileSystem fs, Path folder) {
        this.fs = fs;
        this.folder = folder;
        this.seals = new Path(folder, "_seals");
    }

    /** The landing folder of a source in the file system of a profile. */
    static Landing open(Profile profile, String source) {
        Path root = new Path(new Path(profile.fs() + "/"), "granary/landing");
        return new Landing(HadoopSettings.fileSystem(profile), new Path(root, source));
    }

    /** Every file of the collector but empty ones, in order of their paths. */
    List<LandingFile> files() {
        List<LandingFile> files = new ArrayList<>();
        for (FileStatus day : folders(folder, "dt=")) {
            for (FileStatus hour : folders(day.getPath(), "hh=")) {
                for (FileStatus file : list(hour.getPath())) {
                    String path = file.getPath().toUri().getPath();
                    LandingFile.of(path, file.getLen())
                            .ifPresentOrElse(
                                    files::add, () -> LOG.warn("{} is no file of the collector, left alone", path));
                }
            }
        }
        files.sort(Comparator.comparing(LandingFile::path));
        return files;
    }

    /** When the newest agent of each host was started, as far as its files tell. */
    static Map<String, Long> newestStarts(List<LandingFile> files) {
        Map<String, Long> newest = new HashMap<>();
        files.forEach(f -> newest.merge(f.host(), f.agentStart(), Math::max));
        return newest;
    }

    /** Files that an agent may still be writing: those of the newest start of their host. */
    static List<LandingFile> open(List<LandingFile> files) {
        Map<String, Long> newest = newestStarts(files);
        return files.stream()
                .filter(f -> f.temporary() && f.agentStart() == newest.get(f.host()))
                .toList();
    }

    /**
     * Ends the lease of a file that nobody writes any more, so that its length is final.
     *
     * @return the file with that length
     */
    LandingFile recover(LandingFile file) {
        Path path = new Path(file.path());
        try {
            if (fs instanceof DistributedFileSystem hdfs) {
                long deadline = System.nanoTime() + LEASE_RECOVERY.toNanos();
                while (!hdfs.recoverLease(path)) {
                    if (System.nanoTime() > deadline) {
                        throw new GranaryException(
                                ErrorCode.EXTERNAL,
                                "HDFS does not release " + file.path() + ", which an agent left open, after "
                                        + LEASE_RECOVERY.toSeconds() + " s. Is a datanode down? Try again later.");
                    }
                    Pause.of(Duration.ofMillis(300));
                }
            }
            long length = fs.getFileStatus(path).getLen();
            return new LandingFile(file.path(), length, file.host(), file.agentStart(), true);
        } catch (IOException e) {
            throw unreachable("recover the lease of", file.path(), e);
        }
    }

    /** Whether a file holds a whole Avro header; an agent may die before it has written one. */
    boolean hasHeader(LandingFile file) {
        try (InputStream in = fs.open(new Path(file.path()));
                DataFileStream<GenericRecord> records = new DataFileStream<>(in, new GenericDatumReader<>())) {
            return records.getSchema() != null;
        } catch (IOException e) {
            LOG.warn("{} ({} bytes) has no whole header: {}", file.path(), file.length(), e.toString());
            return false;
        }
    }

    /** The full address of a file that a seal took, under whichever of its two names it is there. */
    String address(SealRecord.Taken taken) {
        try {
            for (String name : List.of(taken.path(), LandingFile.temporaryPath(taken.path()))) {
                Path path = new Path(name);
                if (fs.exists(path)) {
                    return fs.makeQualified(path).toString();
                }
            }
        } catch (IOException e) {
            throw unreachable("look for", taken.path(), e);
        }
        throw new GranaryException(
                ErrorCode.DATA,
                "landing file " + taken.path() + " (" + taken.length()
                        + " bytes) is gone, but a seal that did not finish"
                        + " took it. Put it back; lines that are nowhere else would be lost.");
    }

    /** All seals of the source, oldest first. */
    List<SealRecord> records() {
        Map<String, SealRecord> records = new TreeMap<>();
        for (FileStatus file : list(seals)) {
            String name = file.getPath().getName();
            if (name.endsWith(".json")) {
                records.put(
                        name,
                        SealRecord.fromJson(read(file.getPath()), file.getPath().toString()));
            }
        }
        return List.copyOf(records.values());
    }

    /** Writes a record whole or not at all. */
    void write(SealRecord record) {
        Path target = new Path(seals, record.runId() + ".json");
        Path part = new Path(seals, record.runId() + ".part");
        try {
            try (OutputStream out = fs.create(part, true)) {
                out.write(record.toJson().getBytes(StandardCharsets.UTF_8));
            }
            FileContext.getFileContext(fs.getUri(), fs.getConf())
                    .rename(fs.makeQualified(part), fs.makeQualified(target), Options.Rename.OVERWRITE);
        } catch (IOException e) {
            throw unreachable("write", target.toString(), e);
        }
    }

    @Override
    public void close() {
        try {
            fs.close();
        } catch (IOException e) {
            LOG.debug("closing {}", fs.getUri(), e);
        }
    }

    private String read(Path file) {
        try (InputStream in = fs.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreachable("read", file.toString(), e);
        }
    }

    private List<FileStatus> folders(Path parent, String prefix) {
        return list(parent).stream()
                .filter(s -> s.isDirectory() && s.getPath().getName().startsWith(prefix))
                .toList();
    }

    /** Nothing when there is no such folder. */
    private List<FileStatus> list(Path parent) {
        try {
            return fs.exists(parent) ? List.of(fs.listStatus(parent)) : List.of();
        } catch (IOException e) {
            throw unreachable("list", parent.toString(), e);
        }
    }

    private static GranaryException unreachable(String action, String what, IOException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "cannot " + action + " " + what + ": " + e.getMessage()
                        + ". See `granary status`, or the value of `fs` in the profile.",
                e);
    }
}
