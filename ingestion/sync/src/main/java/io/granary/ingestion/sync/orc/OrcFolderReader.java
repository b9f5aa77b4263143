package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowCast;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowSizes;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;

/**
 * {@code hdfsreader} of ORC: a part is a file. Columns are taken by their position, with the type that the newest file (by
 * name) has; a file that is older than a column has NULL there.
 */
public final class OrcFolderReader implements RowReader {
    /** Of texts and binaries that are held at a time, on average. */
    private static final long BATCH_BYTES = 4L << 20;

    private final Configuration hadoop;
    private final List<ReaderColumn> columns;
    private final List<Path> files;
    private final TypeDescription schema;

    private OrcFolderReader(Configuration hadoop, List<ReaderColumn> columns, List<Path> files) {
        this.hadoop = hadoop;
        this.files = files;
        TypeDescription newest = newest();
        this.columns = columns.isEmpty() ? all(newest) : columns;
        this.schema = new OrcProjection(this.columns, newest).schema();
    }

    /** The schema of the newest file that has columns: Hive's files of no rows have none. */
    private TypeDescription newest() {
        for (int i = files.size() - 1; i >= 0; i--) {
            try (Reader reader = open(files.get(i))) {
                if (!reader.getSchema().getChildren().isEmpty()) {
                    return reader.getSchema();
                }
            } catch (IOException e) {
                throw failed(files.get(i), e);
            }
        }
        return TypeDescription.createStruct();
    }

    private static List<ReaderColumn> all(TypeDescription file) {
        return IntStream.range(0, file.getChildren().size())
                .mapToObj(i -> ReaderColumn.at(i, "string"))
                .toList();
    }

    public static OrcFolderReader open(HdfsReader from, Configuration hadoop) {
        List<Path> files = new OrcFiles(hadoop).of(from.defaultFS(), from.path());
        OrcFolderReader reader = new OrcFolderReader(hadoop, from.column(), files);
        if (reader.columns.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    HdfsReader.NAME + ": no file in " + from.path()
                            + " has columns, so nobody knows what \"column\": [\"*\"] is");
        }
        return reader;
    }

    private Reader open(Path file) throws IOException {
        return OrcFile.createReader(
                file, OrcFile.readerOptions(hadoop).useUTCTimestamp(true).convertToProlepticGregorian(true));
    }

    @Override
    public TypeDescription schema() {
        return schema;
    }

    @Override
    public List<RowPart> parts(int channels) {
        List<RowPart> parts = new ArrayList<>();
        for (Path file : files) {
            parts.add(new RowPart(
                    String.format(Locale.ROOT, "%05d", parts.size()), file.toString(), null, file.toString()));
        }
        return parts;
    }

    @Override
    public void read(RowPart part, RowSink sink) {
        Path file = new Path(part.from());
        try (Reader reader = open(file)) {
            OrcProjection projection = new OrcProjection(columns, reader.getSchema());
            RowCast cast = RowCast.between(projection.schema(), schema, RowBatches.ROWS, part.what());
            VectorizedRowBatch batch = reader.getSchema().createRowBatch(rows(reader));
            VectorizedRowBatch rows = projection.of(batch);
            RowSizes sizes = new RowSizes(rows);
            Reader.Options options = reader.options().include(projection.included());
            try (RecordReader records = reader.rows(options)) {
                while (records.nextBatch(batch)) {
                    rows.size = batch.size;
                    sink.add(cast.apply(rows, sink), sizes.ofFirst(batch.size));
                }
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** As many rows as keep a batch small, whatever their size. */
    private static int rows(Reader reader) {
        long average = reader.getNumberOfRows() == 0 ? 0 : reader.getRawDataSize() / reader.getNumberOfRows();
        return (int) Math.max(1, Math.min(RowBatches.ROWS, BATCH_BYTES / Math.max(1, average)));
    }

    @Override
    public Optional<RowSums> sums(RowPart part) {
        Path file = new Path(part.from());
        try (Reader reader = open(file)) {
            RowSums all = OrcSums.of(reader);
            return Optional.of(new OrcProjection(columns, reader.getSchema()).sums(all));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static GranaryException failed(Path file, IOException e) {
        return new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
    }

    @Override
    public void close() {
        // every file is closed when it is read
    }
}
