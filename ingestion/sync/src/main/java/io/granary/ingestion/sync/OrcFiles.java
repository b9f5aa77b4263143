package io.granary.ingestion.sync;

import io.granary.warehouse.config.Profile;
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

/** The files behind a DataX path: a file, or {@code folder/*} for the data files of a folder. */
final class OrcFiles {
    private final Configuration hadoop;

    OrcFiles(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** The Hadoop client's settings for a profile's file system. */
    static Configuration settings(Profile profile) {
        Configuration settings = new Configuration();
        settings.set("fs.defaultFS", profile.fs());
        settings.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");
        if (profile.name().equals("local")) {
            settings.set("dfs.replication", "1");
        }
        return settings;
    }

    /**
     * Data files in the order of their names; empty ones and hidden ones ({@code _}, {@code .}) are left out.
     *
     * @throws GranaryException when a path does not exist: it would otherwise look like no rows
     */
    List<Path> of(List<String> paths) {
        List<Path> files = new ArrayList<>();
        paths.forEach(path -> files.addAll(of(path)));
        return files;
    }

    private List<Path> of(String text) {
        Path path = new Path(text.endsWith("/*") ? text.substring(0, text.length() - 2) : text);
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

    private static boolean holdsData(Path path) {
        return !path.getName().startsWith("_") && !path.getName().startsWith(".");
    }
}
