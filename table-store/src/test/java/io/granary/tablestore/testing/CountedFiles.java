package io.granary.tablestore.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** A file system that counts the requests it passes on. */
public final class CountedFiles extends FilterFileSystem {
    private final AtomicLong calls = new AtomicLong();

    public CountedFiles(FileSystem files) {
        super(files);
    }

    /** Requests since the last time this was asked. */
    public long calls() {
        return calls.getAndSet(0);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws FileNotFoundException, IOException {
        calls.incrementAndGet();
        return super.listStatus(path);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        calls.incrementAndGet();
        return super.getFileStatus(path);
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        calls.incrementAndGet();
        return super.mkdirs(path, permission);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        calls.incrementAndGet();
        return super.mkdirs(path);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        calls.incrementAndGet();
        return super.delete(path, recursive);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        calls.incrementAndGet();
        return super.rename(from, to);
    }

    @Override
    public FSDataInputStream open(Path path, int buffer) throws IOException {
        calls.incrementAndGet();
        return super.open(path, buffer);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int buffer,
            short replication,
            long block,
            Progressable progress)
            throws IOException {
        calls.incrementAndGet();
        return super.create(path, permission, overwrite, buffer, replication, block, progress);
    }
}
