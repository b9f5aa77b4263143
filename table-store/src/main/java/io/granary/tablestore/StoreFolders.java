package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Folders of the profile's file system that belong to Granary but are no tables: landing, checkpoints. */
public final class StoreFolders implements AutoCloseable {
    private static final Pattern OF_A_SOURCE = Pattern.compile("([a-z][a-z0-9+.-]*:/)?/.+/\\w+[.]\\w+");

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
        Path path = path(folder);
        try {
            return OptionalLong.of(of(path).getContentSummary(path).getLength());
        } catch (FileNotFoundException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw failed("read", folder, e);
        }
    }

    /** Deletes a folder with all that is in it; does nothing when it is not there. */
    public void delete(String folder) {
        Path path = path(folder);
        try {
            of(path).delete(path, true);
        } catch (IOException e) {
            throw failed("delete", folder, e);
        }
    }

    private Path path(String folder) {
        if (!OF_A_SOURCE.matcher(folder).matches() || folder.contains("..")) {
            throw new IllegalArgumentException(folder + " is no folder of a source");
        }
        return folder.startsWith("/") ? new Path(new Path(address + "/"), folder.substring(1)) : new Path(folder);
    }

    /** Checkpoints may lie on another file system than the profile's. */
    private FileSystem of(Path path) throws IOException {
        URI there = path.toUri();
        boolean isOurs = Objects.equals(there.getScheme(), files.getUri().getScheme())
                && Objects.equals(there.getAuthority(), files.getUri().getAuthority());
        return isOurs ? files : path.getFileSystem(files.getConf());
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
