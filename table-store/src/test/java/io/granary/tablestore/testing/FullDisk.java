package io.granary.tablestore.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system, with a disk that is full in some folders when a test wants it so. */
public final class FullDisk extends LocalFileSystem {
    private static final int SPACE_LEFT = 64;

    private static volatile String full;

    /** From now on files whose path contains {@code text} have room for some bytes only; null: there is space again. */
    public static void under(String text) {
        full = text;
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        FSDataOutputStream out =
                super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
        String now = full;
        return now != null && file.toString().contains(now) ? new FSDataOutputStream(new Limited(out), null) : out;
    }

    private static final class Limited extends FilterOutputStream {
        private long left = SPACE_LEFT;

        Limited(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            take(1);
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            take(length);
            out.write(bytes, from, length);
        }

        private void take(int bytes) throws IOException {
            if (bytes > left) {
                throw new IOException("No space left on device");
            }
            left -= bytes;
        }
    }
}
