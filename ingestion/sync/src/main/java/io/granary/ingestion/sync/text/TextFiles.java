package io.granary.ingestion.sync.text;

import io.granary.ingestion.file.JobFiles;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.TxtFileReader;
import io.granary.ingestion.sync.orc.OrcFiles;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** {@code txtfilereader}, and {@code hdfsreader} of text and csv. */
public final class TextFiles {
    private TextFiles() {}

    /** Files of this machine, and {@code folder/*}. */
    public static RowReader open(TxtFileReader from, Configuration hadoop) {
        List<String> paths = from.path().stream().map(TextFiles::local).toList();
        List<String> files = new OrcFiles(hadoop)
                .of(null, paths).stream().map(file -> file.toUri().getPath()).toList();
        return JobFiles.csv(
                TxtFileReader.NAME, from.textFormat(), from.column(), files, java.nio.file.Path::of, () -> {});
    }

    /** A path of this machine, whatever the default file system is. */
    private static String local(String path) {
        String folder = path.endsWith("/*") ? path.substring(0, path.length() - 2) : path;
        return "file://" + java.nio.file.Path.of(folder).toAbsolutePath() + path.substring(folder.length());
    }

    /** Files are brought here one by one, as they are read. */
    public static RowReader open(HdfsReader from, Configuration hadoop) {
        List<String> files = new OrcFiles(hadoop)
                .of(from.defaultFS(), from.path()).stream().map(Path::toString).toList();
        List<java.nio.file.Path> brought = new ArrayList<>();
        return JobFiles.csv(
                HdfsReader.NAME,
                from.textFormat(),
                from.column(),
                files,
                file -> bring(new Path(file), hadoop, brought),
                () -> brought.forEach(TextFiles::delete));
    }

    private static java.nio.file.Path bring(Path file, Configuration hadoop, List<java.nio.file.Path> brought) {
        try {
            java.nio.file.Path here = Files.createTempFile("granary-read-", ".part");
            synchronized (brought) {
                brought.add(here);
            }
            FileSystem files = file.getFileSystem(hadoop);
            FileUtil.copy(files, file, here.toFile(), false, hadoop);
            return here;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }

    private static void delete(java.nio.file.Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot remove " + file + ": " + e, e);
        }
    }
}
