package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Hadoop client settings of a profile, the same for everyone who writes files. */
public final class HadoopSettings {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    private HadoopSettings() {}

    /** Settings of the class path (core-site.xml and so on) with the profile's file system as default. */
    public static Configuration of(Profile profile) {
        Configuration settings = new Configuration();
        settings.set("fs.defaultFS", profile.fs());
        // the client else sleeps 400 ms for each small file whose last block is reported a moment too late
        settings.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");
        String host = URI.create(profile.fs()).getHost();
        if (host != null && LOOPBACK.contains(host)) {
            // the local cluster has one datanode
            settings.set("dfs.replication", "1");
        }
        return settings;
    }

    /** A file system of its own for the caller, who closes it. */
    public static FileSystem fileSystem(Profile profile) {
        try {
            return FileSystem.newInstance(URI.create(profile.fs()), of(profile));
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot reach the file system " + profile.fs() + ": " + e.getMessage()
                            + ". See `granary status`, or the value of `fs` in the profile.",
                    e);
        }
    }
}
