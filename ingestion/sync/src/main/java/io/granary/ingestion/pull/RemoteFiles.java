package io.granary.ingestion.pull;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Files of one server, over one connection. An {@link IOException} is worth another try; what is not (a wrong password, a
 * foreign host) is a {@link io.granary.warehouse.error.GranaryException}.
 */
interface RemoteFiles extends AutoCloseable {
    /** The files of a folder; empty when there is no such folder. */
    List<RemoteFile> list(String folder) throws IOException;

    /** The folders in a folder; empty when there is no such folder. */
    List<String> folders(String folder) throws IOException;

    Optional<RemoteFile> find(String path) throws IOException;

    /**
     * Opens a file from an offset on, or from its begin when the server cannot do that or has another version by now.
     * Reading to the end without an {@link IOException} means that the server has sent all.
     */
    Reading open(RemoteFile file, long offset) throws IOException;

    @Override
    void close();

    /** What is being read and where it began. */
    record Reading(InputStream in, long offset) {}
}
