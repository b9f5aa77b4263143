package io.granary.ingestion.sync.text;

import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.TextFormat;
import io.granary.ingestion.sync.job.TxtFileWriter;
import io.granary.ingestion.sync.orc.OrcFiles;
import io.granary.ingestion.sync.orc.OrcTypes;
import io.granary.ingestion.sync.orc.StagedFolder;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.TypeDescription;

/** {@code txtfilewriter}, and {@code hdfswriter} of text and csv: a file a part. */
public final class TextFolderWriter implements RowWriter {
    private final StagedFolder folder;
    private final TextShape shape;
    private final TypeDescription wanted;
    private final TypeDescription rows;
    private boolean committed;

    private TextFolderWriter(StagedFolder folder, TextShape shape, TypeDescription wanted, TypeDescription rows) {
        this.folder = folder;
        this.shape = shape;
        this.wanted = wanted;
        this.rows = rows;
    }

    /** @param rows columns of the reader */
    public static TextFolderWriter open(TxtFileWriter to, Configuration hadoop, TypeDescription rows) {
        TextShape shape = new TextShape(
                to.fileFormat().equals("csv"),
                to.fieldDelimiter().charAt(0),
                to.nullFormat(),
                to.encoding(),
                to.compress(),
                TextShape.dates(to.dateFormat()),
                to.header());
        StagedFolder folder = new StagedFolder(
                TxtFileWriter.NAME,
                new Path(java.nio.file.Path.of(to.path()).toUri()),
                to.fileName(),
                to.writeMode(),
                shape.ending(),
                hadoop);
        return new TextFolderWriter(folder, shape, null, rows);
    }

    public static TextFolderWriter open(HdfsWriter to, Configuration hadoop) {
        TypeDescription schema = OrcTypes.schema(to.column());
        TextShape shape = new TextShape(
                to.fileType().equals("csv"),
                to.fieldDelimiter() == null ? '\u0001' : to.fieldDelimiter().charAt(0),
                to.nullFormat() == null ? TextFormat.NULL : to.nullFormat(),
                to.encoding(),
                to.compress() == null ? null : to.compress().toLowerCase(Locale.ROOT),
                null,
                List.of());
        StagedFolder folder = new StagedFolder(
                HdfsWriter.NAME,
                OrcFiles.at(to.defaultFS(), to.path()),
                to.fileName(),
                to.writeMode(),
                shape.ending(),
                hadoop);
        return new TextFolderWriter(folder, shape, schema, schema);
    }

    @Override
    public Optional<TypeDescription> schema() {
        return Optional.ofNullable(wanted);
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        return new TextPart(folder, part, shape, rows, dirty);
    }

    @Override
    public void commit() {
        folder.commit();
        committed = true;
    }

    @Override
    public void close() {
        if (!committed) {
            folder.takeBack();
        }
    }
}
