package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.TypeDescription;

/** {@code hdfswriter} of ORC: a file a part. */
public final class OrcFolderWriter implements RowWriter {
    private final HdfsWriter to;
    private final Configuration hadoop;
    private final TypeDescription schema;
    private final StagedFolder folder;
    private boolean keepFinished;
    private boolean committed;

    private OrcFolderWriter(HdfsWriter to, Configuration hadoop) {
        this.to = to;
        this.hadoop = new Configuration(hadoop);
        // memory is looked at after every batch, for rows may be large
        OrcConf.ROWS_BETWEEN_CHECKS.setLong(this.hadoop, 1);
        // a dictionary is looked up for every text; in a tree that is a fifth of the time of a job
        OrcConf.DICTIONARY_IMPL.setString(this.hadoop, "hash");
        this.schema = OrcTypes.schema(to.column());
        this.folder = new StagedFolder(
                HdfsWriter.NAME, OrcFiles.at(to.defaultFS(), to.path()), to.fileName(), to.writeMode(), ".orc", hadoop);
    }

    public static OrcFolderWriter open(HdfsWriter to, Configuration hadoop) {
        return new OrcFolderWriter(to, hadoop);
    }

    @Override
    public Optional<TypeDescription> schema() {
        return Optional.of(schema);
    }

    @Override
    public void keepFinished() {
        keepFinished = true;
    }

    @Override
    public Optional<RowSums> staged(RowPart part) {
        Path file = folder.complete(part.id());
        try {
            if (!folder.isComplete(part.id())) {
                return Optional.empty();
            }
            try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
                return Optional.of(OrcSums.of(reader));
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        return new OrcPart(folder, part.id(), this::options);
    }

    private OrcFile.WriterOptions options() {
        return OrcFile.writerOptions(hadoop)
                .setSchema(schema)
                .compress(CompressionKind.valueOf(to.compress() == null ? "SNAPPY" : to.compress()))
                .overwrite(true)
                .useUTCTimestamp(true)
                .setProlepticGregorian(true);
    }

    @Override
    public void commit() {
        folder.commit();
        committed = true;
    }

    @Override
    public void close() {
        if (!committed && !keepFinished) {
            folder.takeBack();
        }
    }
}
