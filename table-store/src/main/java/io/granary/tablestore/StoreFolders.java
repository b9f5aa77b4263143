package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Folders of the profile's file system that belong to Granary but are no tables: landing, checkpoints. */
public final class StoreFolders implements AutoCloseable {
    private final String address;
    private final FileSystem files;

    private StoreFolders(String address, FileSystem files) {
        this.address = address;
        this.files = files;
    }

    public static StoreFolders open(Profile profile) {
        return new StoreFolders(profile.fs(), HadoopSettings.fileSystem(profile));
    }

    /** Bytes in a folder such as {@code /granary/landing/ads.ad_event}; empty when it is not there. */
    public OptionalLong bytes(String folder) {
        try {
            return OptionalLong.of(files.getContentSummary(path(folder)).getLength());
        } catch (FileNotFoundException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw failed("read", folder, e);
        }
    }

    /** Deletes a folder with all that is in it; does nothing when it is not there. */
    public void delete(String folder) {
        try {
            files.delete(path(folder), true);
        } catch (IOException e) {
            throw failed("delete", folder, e);
        }
    }

    private Path path(String folder) {
        if (!folder.matches("/granary/[a-z]+/.+") || folder.contains("..")) {
            throw new IllegalArgumentException(folder + " is no folder below /granary/");
        }
        return new Path(new Path(address + "/"), folder.substring(1));
    }

    private GranaryException failed(String what, String folder, IOException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "cannot " + what + " " + folder + " on " + address + ": " + e.getMessage() + ". See `granary status`.",
                e);
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot close " + address + ": " + e.getMessage(), e);
        }
    }
}
