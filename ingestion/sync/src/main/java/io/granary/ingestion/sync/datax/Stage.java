package io.granary.ingestion.sync.datax;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for DataX's own files, {@code <fs>/granary/staging/datax/jobs/<uuid>/}, outside of every table: what it leaves, deletes
 * or renames there touches no data.
 */
final class Stage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final String PARENT = "granary/staging/datax/jobs";

    private final FileSystem files;
    private final Path folder;

    private Stage(FileSystem files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** @param fs of the profile, under which everything is that Granary stages */
    static Stage open(String fs, Configuration hadoop) {
        Path folder = new Path(new Path(fs + "/"), PARENT + "/" + UUID.randomUUID());
        try {
            FileSystem files = folder.getFileSystem(hadoop);
            Stage stage = new Stage(files, files.makeQualified(folder));
            files.mkdirs(stage.rows());
            files.setPermission(stage.folder, new FsPermission("700"));
            return stage;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + folder + " for DataX: " + e, e);
        }
    }

    /** Such as {@code hdfs://127.0.0.1:9000}, as DataX writes it. */
    String fileSystem() {
        return files.getUri().toString().equals("file:///")
                ? "file:///"
                : files.getUri().toString();
    }

    /** Folder of the rows; DataX's own temporary folder stands beside it. */
    Path rows() {
        return new Path(folder, "rows");
    }

    String path() {
        return rows().toUri().getPath();
    }

    @Override
    public void close() {
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            LOG.warn("{} is left over; delete it: {}", folder, e.toString());
        }
    }
}
