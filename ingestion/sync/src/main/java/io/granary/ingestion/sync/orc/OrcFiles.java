package io.granary.ingestion.sync.orc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;

/** The files behind a DataX path: a file, or the data files of a folder, as {@code folder} or {@code folder/*}. */
public final class OrcFiles {
    private static final Pattern WILDCARD = Pattern.compile("[*?]");

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
     * Data files in the order of their paths; empty ones and hidden ones ({@code _}, {@code .}) are left out.
     *
     * @param paths {@code *} and {@code ?} stand for any part of a name
     * @throws GranaryException when a path does not exist, or has folders and no files: it would otherwise look like no rows
     */
    public List<Path> of(String defaultFs, List<String> paths) {
        List<Path> files = new ArrayList<>();
        paths.forEach(path -> files.addAll(of(defaultFs, path)));
        return files;
    }

    private List<Path> of(String defaultFs, String text) {
        boolean content = text.endsWith("/*");
        Path path = at(defaultFs, content ? text.substring(0, text.length() - 2) : text);
        try {
            FileSystem system = path.getFileSystem(hadoop);
            FileStatus[] found = WILDCARD.matcher(path.toString()).find()
                    ? system.globStatus(path, OrcFiles::holdsData)
                    : system.exists(path) ? new FileStatus[] {system.getFileStatus(path)} : null;
            if (found == null || found.length == 0) {
                throw new GranaryException(ErrorCode.NOT_FOUND, "hdfsreader: " + path + " does not exist");
            }
            List<FileStatus> inside = new ArrayList<>();
            for (FileStatus each : found) {
                if (each.isDirectory() || !content) {
                    inside.addAll(List.of(system.listStatus(each.getPath(), OrcFiles::holdsData)));
                }
            }
            return files(path, inside);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + path + ": " + e, e);
        }
    }

    private static List<Path> files(Path path, List<FileStatus> found) {
        List<Path> files = found.stream()
                .filter(file -> file.isFile() && file.getLen() > 0)
                .map(FileStatus::getPath)
                .sorted(Comparator.comparing(Path::toString))
                .toList();
        Optional<Path> folder = found.stream()
                .filter(FileStatus::isDirectory)
                .map(FileStatus::getPath)
                .findFirst();
        if (files.isEmpty() && folder.isPresent()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "hdfsreader: in " + path + " are folders and no files. Name those to read, such as " + folder.get()
                            + "/*; a partition's own column is not in its files: add it as a constant");
        }
        return files;
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
