package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.Writer;

/** An ORC file that is being written under another name than it gets when it is complete. */
final class OrcPart implements RowWriter.Part {
    private final Path writing;
    private final Path complete;
    private final FileSystem files;
    private final Writer orc;
    private boolean open = true;

    OrcPart(Path writing, Path complete, FileSystem files, Supplier<OrcFile.WriterOptions> options) {
        this.writing = writing;
        this.complete = complete;
        this.files = files;
        try {
            this.orc = OrcFile.createWriter(writing, options.get().fileSystem(files));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void write(VectorizedRowBatch batch) {
        try {
            orc.addRowBatch(batch);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public RowSums finish() {
        try {
            orc.close();
            RowSums sums;
            try (Reader reader = OrcFile.createReader(
                    writing, OrcFile.readerOptions(files.getConf()).filesystem(files))) {
                sums = OrcSums.of(reader);
            }
            files.delete(complete, false);
            if (!files.rename(writing, complete)) {
                throw new IOException("it cannot be renamed to " + complete.getName());
            }
            open = false;
            return sums;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        try {
            orc.close();
        } catch (IOException | RuntimeException e) {
            // it is dropped anyway
        }
        try {
            files.delete(writing, false);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private GranaryException failed(IOException e) {
        return new GranaryException(ErrorCode.EXTERNAL, "cannot write " + writing + ": " + e, e);
    }
}
