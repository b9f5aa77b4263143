package io.granary.ingestion.sync.orc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;

/** The files behind a DataX path: a file, or {@code folder/*} for the data files of a folder. */
public final class OrcFiles {
    private final Configuration hadoop;

    public OrcFiles(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** A path of a job, which may leave out the file system. */
    public static Path at(String defaultFs, String path) {
        if (defaultFs == null || defaultFs.isEmpty() || path.contains(":/")) {
            return new Path(path);
        }
        return new Path(new Path(defaultFs.endsWith("/") ? defaultFs : defaultFs + "/"), path);
    }

    /**
     * Data files in the order of their names; empty ones and hidden ones ({@code _}, {@code .}) are left out.
     *
     * @throws GranaryException when a path does not exist: it would otherwise look like no rows
     */
    public List<Path> of(String defaultFs, List<String> paths) {
        List<Path> files = new ArrayList<>();
        paths.forEach(path -> files.addAll(of(defaultFs, path)));
        return files;
    }

    private List<Path> of(String defaultFs, String text) {
        Path path = at(defaultFs, text.endsWith("/*") ? text.substring(0, text.length() - 2) : text);
        try {
            FileSystem files = path.getFileSystem(hadoop);
            if (!files.exists(path)) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND, "hdfsreader: " + path + " does not exist, though the catalog names it");
            }
            return Arrays.stream(files.listStatus(path, OrcFiles::holdsData))
                    .filter(file -> file.isFile() && file.getLen() > 0)
                    .map(FileStatus::getPath)
                    .sorted(Comparator.comparing(Path::getName))
                    .toList();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + path + ": " + e, e);
        }
    }

    /** Rows that files hold, as their footers say. */
    public long rows(List<Path> orcFiles) {
        long rows = 0;
        for (Path file : orcFiles) {
            try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
                rows += reader.getNumberOfRows();
            } catch (IOException e) {
                throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
            }
        }
        return rows;
    }

    private static boolean holdsData(Path path) {
        return !path.getName().startsWith("_") && !path.getName().startsWith(".");
    }
}
