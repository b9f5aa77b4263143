package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What jobs staged outside the tables and never published: {@code /granary/staging/<verb>/<what>/<ds>}. A job that runs
 * again finds it there, so it stays for a while.
 */
public final class AbandonedStaging {
    private static final Duration LONGEST_JOB = Duration.ofHours(24);
    private static final String FOLDERS = "granary/staging/*/*/*";

    private final FileSystem files;
    private final Path root;
    private final Clock clock;

    /** @param root of the file system that holds {@code granary/} */
    AbandonedStaging(FileSystem files, Path root, Clock clock) {
        this.files = files;
        this.root = root;
        this.clock = clock;
    }

    /**
     * Deletes folders in which nothing was written for so long.
     *
     * @param older at least a day counts, the longest that a job may be at work
     * @param dryRun deletes nothing
     * @return what was deleted, or would have been
     */
    public List<Garbage.Folder> collect(Duration older, boolean dryRun) {
        Duration age = older.compareTo(LONGEST_JOB) > 0 ? older : LONGEST_JOB;
        List<Garbage.Folder> deleted = new ArrayList<>();
        try {
            FileStatus[] folders = files.globStatus(new Path(root, FOLDERS));
            for (FileStatus folder : folders == null ? new FileStatus[0] : folders) {
                Path path = folder.getPath();
                if (Duration.between(lastWritten(folder), clock.instant()).compareTo(age) < 0) {
                    continue;
                }
                deleted.add(new Garbage.Folder(
                        path.toString(),
                        "staged by a job that did not publish",
                        files.getContentSummary(path).getLength()));
                if (!dryRun) {
                    files.delete(path, true);
                }
            }
            return deleted;
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot collect what is staged under " + root + ": " + e.getMessage(), e);
        }
    }

    private Instant lastWritten(FileStatus entry) throws IOException {
        Instant last = Instant.ofEpochMilli(entry.getModificationTime());
        if (entry.isDirectory()) {
            for (FileStatus inside : files.listStatus(entry.getPath())) {
                Instant written = lastWritten(inside);
                last = written.isAfter(last) ? written : last;
            }
        }
        return last;
    }
}
