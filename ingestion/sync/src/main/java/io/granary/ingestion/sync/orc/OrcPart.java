package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.Writer;

/** An ORC file that is being written under another name than it gets when it is complete. */
final class OrcPart implements RowWriter.Part {
    private final Path writing;
    private final StagedFolder folder;
    private final String part;
    private final Writer orc;
    private boolean open = true;

    OrcPart(StagedFolder folder, String part, Supplier<OrcFile.WriterOptions> options) {
        this.folder = folder;
        this.part = part;
        this.writing = folder.writing(part);
        try {
            this.orc = OrcFile.createWriter(writing, options.get().fileSystem(folder.files()));
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
                    writing, OrcFile.readerOptions(folder.files().getConf()).filesystem(folder.files()))) {
                sums = OrcSums.of(reader);
            }
            folder.completed(part);
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
            folder.files().delete(writing, false);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private GranaryException failed(IOException e) {
        return new GranaryException(ErrorCode.EXTERNAL, "cannot write " + writing + ": " + e, e);
    }
}
