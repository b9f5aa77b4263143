package io.granary.ingestion.file;

import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Rows of files that are here, typed as their source declares them; a file is a part. */
public final class FileRows implements RowReader {
    /**
     * A file, which may be packed.
     *
     * @param name what people know it by
     */
    public record Input(String name, Path content) {}

    private final List<ColumnNode> columns;
    private final TypeDescription schema;
    private final RowText text;
    private final List<Input> files;
    private final ArchiveLimits limits;
    private final Set<String> ignored = new TreeSet<>();

    public FileRows(SourceNode source, List<Input> files, ArchiveLimits limits) {
        this(source.columns(), source.fetch().csv(), files, limits);
    }

    /** @param csv how values stand in the files; null where a line is a JSON object */
    public FileRows(List<ColumnNode> columns, FileFetch.Csv csv, List<Input> files, ArchiveLimits limits) {
        this.columns = List.copyOf(columns);
        this.schema = TypeDescription.createStruct();
        columns.forEach(c ->
                schema.addField(c.name(), TypeDescription.fromString(c.type().replace(" ", ""))));
        List<String> names = columns.stream().map(ColumnNode::name).toList();
        this.text = csv == null ? new JsonRows(names) : new CsvRows(csv, names);
        this.files = List.copyOf(files);
        this.limits = limits;
    }

    List<ColumnNode> columns() {
        return columns;
    }

    @Override
    public TypeDescription schema() {
        return schema;
    }

    @Override
    public List<RowPart> parts(int channels) {
        List<RowPart> parts = new ArrayList<>();
        for (Input file : files) {
            parts.add(new RowPart(String.format("%05d", parts.size()), file.name(), null, file.name()));
        }
        return parts;
    }

    @Override
    public void read(RowPart part, RowSink sink) {
        read(files.get(Integer.parseInt(part.id())), new SinkTarget(sink, this::note));
    }

    /**
     * Reads all without keeping any.
     *
     * @param problems is told all that is wrong
     * @return how many rows there are, good and bad
     * @throws io.granary.warehouse.error.GranaryException when a file is no such file at all
     */
    public long check(Consumer<CellProblem> problems) {
        long[] rows = new long[1];
        for (Input file : files) {
            VectorizedRowBatch batch = RowBatches.of(schema, 1);
            read(file, new TypedRows.Target() {
                @Override
                public VectorizedRowBatch batch() {
                    batch.reset();
                    return batch;
                }

                @Override
                public void added(long bytes) {
                    rows[0]++;
                }

                @Override
                public void refused(List<CellProblem> found, String row) {
                    rows[0]++;
                    found.forEach(problems);
                }

                @Override
                public void ignored(String what) {
                    note(what);
                }
            });
        }
        return rows[0];
    }

    private void read(Input file, TypedRows.Target target) {
        PackedFile.read(
                file.content(),
                file.name(),
                limits,
                (name, in) -> text.read(name, in, new TypedRows(name, columns, schema, target)));
    }

    private synchronized void note(String what) {
        if (ignored.size() < 20) {
            ignored.add(what);
        }
    }

    /** What is in the files and in no column, such as {@code key 'x'}. */
    public synchronized List<String> ignored() {
        return List.copyOf(ignored);
    }

    @Override
    public Optional<RowSums> sums(RowPart part) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // files are open only while they are read
    }
}
