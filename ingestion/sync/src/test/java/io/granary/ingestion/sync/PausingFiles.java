package io.granary.ingestion.sync;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** A local file system where something happens before one step; or the process stands still there, to be killed. */
public final class PausingFiles extends LocalFileSystem {
    private static volatile String step = "";
    private static volatile Runnable work;

    /**
     * Stands still for ever.
     *
     * @param name such as {@code create _granary.json}: what is done, and the end of the path
     */
    static void before(String name) {
        before(name, () -> {
            System.out.println("at " + name);
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Does something once, then goes on. */
    static void before(String name, Runnable something) {
        work = () -> {
            step = "";
            something.run();
        };
        step = name;
    }

    private static void pause(String what, Path file) {
        String[] wanted = step.split(" ", 2);
        if (wanted.length == 2 && wanted[0].equals(what) && file.toString().endsWith(wanted[1])) {
            work.run();
        }
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
        pause("create", file);
        FSDataOutputStream out =
                super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
        return new FSDataOutputStream(new Written(out, file), null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        pause("rename", to);
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path file, boolean recursive) throws IOException {
        pause("delete", file);
        return super.delete(file, recursive);
    }

    private static final class Written extends FilterOutputStream {
        private final Path file;

        Written(OutputStream out, Path file) {
            super(out);
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length / 2);
            pause("write", file);
            out.write(bytes, from + length / 2, length - length / 2);
        }
    }
}
