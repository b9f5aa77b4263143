package io.granary.ingestion.file;

import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.job.TextFormat;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.orc.TypeDescription;

/** Rows of files for a DataX job, typed as its columns say; a file is a part, wherever it is. */
public final class JobFiles implements RowReader {
    /** Brings a file here. */
    @FunctionalInterface
    public interface Place {
        /** @param file as it was named; the answer stays until the reader is closed */
        Path bring(String file);
    }

    private final RowText text;
    private final List<ReaderColumn> columns;
    private final List<ColumnNode> nodes;
    private final TypeDescription schema;
    private final List<String> files;
    private final Place place;
    private final Runnable closing;

    private JobFiles(RowText text, List<ReaderColumn> columns, List<String> files, Place place, Runnable closing) {
        this.text = text;
        this.columns = columns;
        this.nodes = new ArrayList<>();
        this.schema = TypeDescription.createStruct();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i).name() == null
                    ? "column" + i
                    : columns.get(i).name();
            nodes.add(new ColumnNode(name, columns.get(i).hiveType(), false, ""));
            schema.addField(name, TypeDescription.fromString(columns.get(i).hiveType()));
        }
        this.files = files;
        this.place = place;
        this.closing = closing;
    }

    /**
     * Files of separated values.
     *
     * @param columns empty: all of the first row, as text
     * @param closing what is to be done in the end
     */
    public static JobFiles csv(
            String plugin,
            TextFormat format,
            List<ReaderColumn> columns,
            List<String> files,
            Place place,
            Runnable closing) {
        RowText text = new JobText(plugin, format);
        List<ReaderColumn> all = columns.isEmpty() ? found(plugin, text, files, place) : columns;
        return new JobFiles(text, all, files, place, closing);
    }

    /** @param lines an object a line; else one document, whose rows are at {@code resultKey} */
    public static JobFiles json(
            boolean lines,
            String resultKey,
            List<ReaderColumn> columns,
            List<String> files,
            Place place,
            Runnable closing) {
        List<String> names =
                columns.stream().map(c -> c.name() == null ? "" : c.name()).toList();
        if (names.stream().allMatch(String::isEmpty)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "httpreader: a column of JSON has a name, and no column here has one");
        }
        RowText text = lines ? new JsonRows(names) : new JsonDocument(names, resultKey);
        return new JobFiles(text, columns, files, place, closing);
    }

    /** Columns of the first file that has a row. */
    private static List<ReaderColumn> found(String plugin, RowText text, List<String> files, Place place) {
        List<ReaderColumn> columns = new ArrayList<>();
        for (String file : files) {
            PackedFile.read(place.bring(file), shown(file), ArchiveLimits.NORMAL, (name, in) -> {
                if (columns.isEmpty()) {
                    text.read(name, in, new FirstRow(columns));
                }
            });
            if (!columns.isEmpty()) {
                return columns;
            }
        }
        throw new GranaryException(
                ErrorCode.NOT_FOUND,
                plugin + ": no file of " + files.stream().map(JobFiles::shown).toList()
                        + " has a row, so nobody knows what \"column\": [\"*\"] is");
    }

    /** What stands behind an address's question mark may be secret. */
    private static String shown(String file) {
        return file.replaceFirst("[?].*", "");
    }

    /** Looks how many values a row has. */
    private record FirstRow(List<ReaderColumn> columns) implements RowText.Rows {
        @Override
        public void row(long line, String[] cells) {
            for (int i = columns.size(); line > 0 && i < cells.length; i++) {
                columns.add(ReaderColumn.at(i, "string"));
            }
        }

        @Override
        public void refused(long line, String text, String reason) {
            // it is told when the rows are read
        }

        @Override
        public void ignored(String what) {
            // it is told when the rows are read
        }
    }

    @Override
    public TypeDescription schema() {
        return schema;
    }

    @Override
    public List<RowPart> parts(int channels) {
        List<RowPart> parts = new ArrayList<>();
        files.forEach(file -> parts.add(new RowPart(String.format("%05d", parts.size()), shown(file), null, file)));
        return parts;
    }

    @Override
    public void read(RowPart part, RowSink sink) {
        TypedRows.Target target = new SinkTarget(sink, what -> {});
        PackedFile.read(
                place.bring(part.from()),
                part.what(),
                ArchiveLimits.NORMAL,
                (name, in) -> text.read(name, in, new Chosen(new TypedRows(name, nodes, schema, target))));
    }

    /** Puts a row's values where the job's columns want them. */
    private final class Chosen implements RowText.Rows {
        private final TypedRows typed;

        Chosen(TypedRows typed) {
            this.typed = typed;
        }

        @Override
        public void row(long line, String[] cells) {
            String[] chosen = new String[columns.size()];
            for (int i = 0; i < chosen.length; i++) {
                ReaderColumn column = columns.get(i);
                if (column.value() != null) {
                    chosen[i] = written(column, column.value());
                    continue;
                }
                int at = column.index() == null ? i : column.index();
                if (at >= cells.length) {
                    typed.refused(
                            line,
                            String.join(
                                    ",",
                                    java.util.Arrays.stream(cells)
                                            .map(String::valueOf)
                                            .toList()),
                            "it has " + cells.length + " values, column " + i + " has index " + at);
                    return;
                }
                try {
                    chosen[i] = cells[at] == null ? null : written(column, cells[at]);
                } catch (java.time.DateTimeException e) {
                    typed.refused(line, cells[at], "column " + i + ": " + e.getMessage());
                    return;
                }
            }
            typed.row(line, chosen);
        }

        @Override
        public void refused(long line, String row, String reason) {
            typed.refused(line, row, reason);
        }

        @Override
        public void ignored(String what) {
            // a job names the columns it wants
        }
    }

    /** As our own files have it: dates by ISO 8601, bytes in Base64 (DataX takes a text's bytes as they are). */
    private static String written(ReaderColumn column, String value) {
        if (column.type().equals("bytes") || column.type().equals("binary")) {
            return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        }
        if (column.format() == null) {
            return value;
        }
        TemporalAccessor time = DateTimeFormatter.ofPattern(column.format(), Locale.ROOT)
                .parseBest(value, LocalDateTime::from, LocalDate::from);
        return time.toString().length() == "yyyy-MM-ddTHH:mm".length() ? time + ":00" : time.toString();
    }

    @Override
    public Optional<RowSums> sums(RowPart part) {
        return Optional.empty();
    }

    @Override
    public void close() {
        closing.run();
    }
}
