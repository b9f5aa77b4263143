package io.granary.batch.seal;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.client.HdfsDataInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that someone may be writing: what a reader of HDFS sees is what the datanode has acknowledged to the writer,
 * which is more than the namenode knows.
 */
final class OpenFile implements AvroBlocks.Source {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);
    private static final Duration LEASE_RECOVERY = Duration.ofSeconds(60);

    private final FSDataInputStream in;
    private final long length;

    private OpenFile(FSDataInputStream in, long length) {
        this.in = in;
        this.length = length;
    }

    /**
     * Opens a file. When nobody can say how long it is, because its writer or its datanode died, its lease is ended, which
     * makes the length final; a writer that lives notices, and writes a new file.
     */
    static OpenFile open(FileSystem fs, Path path) throws IOException {
        try {
            return plain(fs, path);
        } catch (IOException e) {
            if (!(fs instanceof DistributedFileSystem hdfs) || !lengthUnknown(e)) {
                throw e;
            }
            LOG.warn("nobody can say how long {} is ({}): its lease is ended", path, e.getMessage());
            recover(hdfs, path);
            return plain(fs, path);
        }
    }

    private static OpenFile plain(FileSystem fs, Path path) throws IOException {
        FSDataInputStream in = fs.open(path);
        try {
            long length = in instanceof HdfsDataInputStream hdfs
                    ? hdfs.getVisibleLength()
                    : fs.getFileStatus(path).getLen();
            return new OpenFile(in, length);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean lengthUnknown(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("block length") || text.contains("could not obtain block");
    }

    private static void recover(DistributedFileSystem hdfs, Path path) throws IOException {
        long deadline = System.nanoTime() + LEASE_RECOVERY.toNanos();
        while (!hdfs.recoverLease(path)) {
            if (System.nanoTime() > deadline) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "HDFS does not release " + path + ", which an agent left open, after "
                                + LEASE_RECOVERY.toSeconds() + " s. Is a datanode down? Try again later.");
            }
            Pause.of(Duration.ofMillis(300));
        }
    }

    @Override
    public InputStream from(long position) throws IOException {
        in.seek(position);
        return new FilterInputStream(in) {
            @Override
            public void close() {
                // the file stays open until the outer one is closed
            }
        };
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
