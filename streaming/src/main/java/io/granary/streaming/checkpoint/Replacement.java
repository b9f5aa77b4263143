package io.granary.streaming.checkpoint;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Puts a file into the place of another in one step: a process that dies leaves the one or the other there. */
@FunctionalInterface
interface Replacement {
    void put(Path file, Path place) throws IOException;

    static Replacement on(FileSystem files, Configuration configuration) throws IOException {
        if (files instanceof RawLocalFileSystem) {
            return (file, place) -> {
                if (!files.rename(file, place)) {
                    throw new IOException("rename of " + file + " was refused");
                }
            };
        }
        FileContext context = FileContext.getFileContext(files.getUri(), configuration);
        return (file, place) -> context.rename(file, place, Options.Rename.OVERWRITE);
    }
}
