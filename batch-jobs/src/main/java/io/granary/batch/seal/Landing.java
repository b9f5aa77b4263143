package io.granary.batch.seal;

import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.RunId;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The landing folder of one source: the files the collector wrote, and what seals keep beside them. */
final class Landing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Landing.class);

    private final FileSystem fs;
    private final Path folder;
    private final SealFolder seals;

    private Landing(FileSystem fs, Path folder) {
        this.fs = fs;
        this.folder = folder;
        this.seals = new SealFolder(fs, new Path(folder, "_seals"));
    }

    /** The landing folder of a source in the file system of a profile. */
    static Landing open(Profile profile, String source) {
        Path root = new Path(new Path(profile.fs() + "/"), "granary/landing");
        return new Landing(HadoopSettings.fileSystem(profile), new Path(root, source));
    }

    SealFolder seals() {
        return seals;
    }

    /** Every file of the collector with log lines but empty closed ones, in order of their paths. */
    List<LandingFile> files() {
        List<LandingFile> files = new ArrayList<>();
        for (FileStatus day : folders(folder, "dt=")) {
            for (FileStatus hour : folders(day.getPath(), "hh=")) {
                files.addAll(filesIn(hour.getPath()));
            }
        }
        files.sort(Comparator.comparing(LandingFile::path));
        return files;
    }

    /** Every file with heartbeats, collected on {@code firstDay} or later. */
    List<LandingFile> heartbeatFiles(String firstDay) {
        return folders(new Path(folder, "_heartbeats"), "dt=").stream()
                .filter(day -> day.getPath().getName().compareTo("dt=" + firstDay) >= 0)
                .flatMap(day -> filesIn(day.getPath()).stream())
                .sorted(Comparator.comparing(LandingFile::path))
                .toList();
    }

    private List<LandingFile> filesIn(Path hour) {
        List<LandingFile> files = new ArrayList<>();
        for (FileStatus file : list(fs, hour)) {
            String path = file.getPath().toUri().getPath();
            LandingFile.of(path, file.getLen())
                    .filter(f -> f.temporary() || f.length() > 0)
                    .ifPresent(files::add);
        }
        return files;
    }

    /**
     * What is new since earlier seals. A closed file is read where it is; of an open one, or one that was open when an
     * earlier seal read it, the blocks since then are copied: Spark sees of an open file only what the namenode knows.
     *
     * @param taken how far each file was read
     */
    List<SealRecord.Taken> take(RunId run, Map<String, Long> taken) {
        List<SealRecord.Taken> fresh = new ArrayList<>();
        for (LandingFile file : files()) {
            long from = taken.getOrDefault(file.finalPath(), 0L);
            if (!file.temporary() && file.length() <= from) {
                continue;
            }
            if (!file.temporary() && from == 0) {
                fresh.add(new SealRecord.Taken(file.path(), 0, file.length(), null));
                continue;
            }
            Path copy = seals.copy(run, fresh.size());
            long to = copy(file, from, copy);
            if (to > from) {
                fresh.add(new SealRecord.Taken(
                        file.finalPath(), from, to, copy.toUri().getPath()));
            }
        }
        return fresh;
    }

    private long copy(LandingFile file, long from, Path copy) {
        try (AvroBlocks blocks = open(file)) {
            if (!blocks.hasHeader()) {
                LOG.debug("{} has no whole header yet", file.path());
                return from;
            }
            return blocks.copy(from, () -> fs.create(copy, true));
        } catch (IOException e) {
            throw unreachable("copy", file.path(), e);
        }
    }

    /** The blocks of a file under whichever of its two names it has now. */
    AvroBlocks open(LandingFile file) throws IOException {
        try {
            return AvroBlocks.open(OpenFile.open(fs, new Path(file.path())), file.path());
        } catch (FileNotFoundException e) {
            if (!file.temporary()) {
                throw e;
            }
            return AvroBlocks.open(OpenFile.open(fs, new Path(file.finalPath())), file.finalPath());
        }
    }

    /** The full address of what a seal took: the copy, or the file under whichever of its two names it is there. */
    String address(SealRecord.Taken taken) {
        List<String> names = taken.copy() != null
                ? List.of(taken.copy())
                : List.of(taken.path(), LandingFile.temporaryPath(taken.path()));
        try {
            for (String name : names) {
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
                "landing file " + names.get(0) + " (bytes " + taken.from() + " to " + taken.to() + " of " + taken.path()
                        + ") is gone, but a seal that did not finish"
                        + " took it. Put it back; lines that are nowhere else would be lost.");
    }

    @Override
    public void close() {
        try {
            fs.close();
        } catch (IOException e) {
            LOG.debug("closing {}", fs.getUri(), e);
        }
    }

    private List<FileStatus> folders(Path parent, String prefix) {
        return list(fs, parent).stream()
                .filter(s -> s.isDirectory() && s.getPath().getName().startsWith(prefix))
                .toList();
    }

    /** Nothing when there is no such folder. */
    static List<FileStatus> list(FileSystem fs, Path parent) {
        try {
            return List.of(fs.listStatus(parent));
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw unreachable("list", parent.toString(), e);
        }
    }

    static GranaryException unreachable(String action, String what, IOException e) {
        String text = String.valueOf(e.getMessage());
        String hint = text.contains("safe mode")
                ? " HDFS is in safe mode: it lets nobody write. Nothing was changed; seal again when it has left it"
                        + " (`hdfs dfsadmin -safemode get`)."
                : " See `granary status`, or the value of `fs` in the profile.";
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "cannot " + action + " " + what + ": "
                        + text.lines().findFirst().orElse("") + "." + hint,
                e);
    }
}
