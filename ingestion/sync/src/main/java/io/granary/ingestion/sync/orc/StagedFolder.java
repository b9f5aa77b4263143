package io.granary.ingestion.sync.orc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a job in one folder, a file {@code <fileName>-<part><ending>} a part. A part is written as {@code
 * .<name>.writing}, is {@code .<name>} when it is complete, and all parts get their names when all are: names that begin with
 * a dot are no data to Hive and Spark.
 */
public final class StagedFolder {
    private final String plugin;
    private final FileSystem files;
    private final Path folder;
    private final String fileName;
    private final String writeMode;
    private final String ending;
    /** In mode append the names differ from those that are there. */
    private final String addition;

    private final Set<String> parts = ConcurrentHashMap.newKeySet();

    /**
     * Opens the folder.
     *
     * @param writeMode DataX's {@code append, nonConflict, truncate}
     * @throws GranaryException in mode nonConflict, when there are files of this name
     */
    public StagedFolder(
            String plugin, Path folder, String fileName, String writeMode, String ending, Configuration hadoop) {
        this.plugin = plugin;
        this.folder = folder;
        this.fileName = fileName;
        this.writeMode = writeMode;
        this.ending = ending;
        this.addition =
                writeMode.equals("append") ? "-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) : "";
        try {
            this.files = folder.getFileSystem(hadoop);
            if (writeMode.equals("nonConflict") && !others().isEmpty()) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        plugin + ": " + folder + " already holds files named " + fileName
                                + "*, and writeMode is nonConflict");
            }
        } catch (IOException e) {
            throw failed("cannot list " + folder, e);
        }
    }

    /** Files of this name that were there before. */
    private List<Path> others() throws IOException {
        if (!files.exists(folder)) {
            return List.of();
        }
        return Arrays.stream(files.listStatus(folder, path -> path.getName().startsWith(fileName)))
                .filter(FileStatus::isFile)
                .map(FileStatus::getPath)
                .toList();
    }

    public FileSystem files() {
        return files;
    }

    private String name(String part) {
        return fileName + addition + "-" + part + ending;
    }

    /** Where a part is written. */
    public Path writing(String part) {
        parts.add(part);
        return new Path(folder, "." + name(part) + ".writing");
    }

    /** Where a part is when it is complete. */
    public Path complete(String part) {
        return new Path(folder, "." + name(part));
    }

    /** Whether an earlier attempt has completed the part; it is of this job then. */
    public boolean isComplete(String part) throws IOException {
        boolean there = files.exists(complete(part));
        if (there) {
            parts.add(part);
        }
        return there;
    }

    /** The part is written. */
    public void completed(String part) throws IOException {
        files.delete(complete(part), false);
        if (!files.rename(writing(part), complete(part))) {
            throw new IOException("it cannot be renamed to " + complete(part).getName());
        }
    }

    /** All parts get their names; in mode truncate in place of the files that were there. */
    public void commit() {
        try {
            if (writeMode.equals("truncate")) {
                for (Path old : others()) {
                    files.delete(old, false);
                }
            }
            for (String part : parts) {
                if (!files.rename(complete(part), new Path(folder, name(part)))) {
                    throw new IOException(complete(part) + " cannot be renamed to " + name(part));
                }
            }
        } catch (IOException e) {
            throw failed("cannot finish " + folder, e);
        }
    }

    /** Removes what has no name yet, complete or not. */
    public void takeBack() {
        try {
            for (String part : parts) {
                files.delete(writing(part), false);
                files.delete(complete(part), false);
            }
        } catch (IOException e) {
            throw failed("cannot take back what is in " + folder, e);
        }
    }

    private GranaryException failed(String what, IOException e) {
        return new GranaryException(ErrorCode.EXTERNAL, plugin + ": " + what + ": " + e, e);
    }
}
