package io.granary.ingestion.file;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifier;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.FileFetch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows of separated values (RFC 4180). */
final class CsvRows implements RowText {
    /** Stands for NULL between the parser and us; no text holds it, since it is no character. */
    private static final String NULL = "\ufffe";

    private static final int LONGEST_VALUE = 16 << 20;

    private final FileFetch.Csv csv;
    private final List<String> columns;

    CsvRows(FileFetch.Csv csv, List<String> columns) {
        this.csv = csv;
        this.columns = columns;
    }

    @Override
    public void read(String name, InputStream in, Rows rows) throws IOException {
        int[] order = null;
        try (CsvReader<CsvRecord> reader = reader(in)) {
            for (CsvRecord record : reader) {
                if (order == null) {
                    order = csv.header() ? order(name, record.getFields()) : declared();
                    if (csv.header()) {
                        continue;
                    }
                }
                take(record, order, rows);
            }
        } catch (CsvParseException e) {
            throw broken(name, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (order == null && csv.header()) {
            throw new GranaryException(ErrorCode.DATA, name + " is empty: not even a header names its columns");
        }
    }

    static GranaryException broken(String name, CsvParseException e) {
        String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
        return new GranaryException(ErrorCode.DATA, name + " is no CSV: " + e.getMessage() + cause, e);
    }

    private CsvReader<CsvRecord> reader(InputStream in) throws IOException {
        FieldModifier nulls = new FieldModifier() {
            @Override
            public String modify(long line, int field, boolean quoted, String value) {
                return !quoted && value.equals(csv.nullText()) ? NULL : value;
            }
        };
        return CsvReader.builder()
                .fieldSeparator(csv.delimiter().charAt(0))
                .quoteCharacter(csv.quote().charAt(0))
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false)
                .allowUnclosedQuote(false)
                .maxBufferSize(LONGEST_VALUE)
                .build(
                        CsvRecordHandler.of(
                                handler -> handler.fieldModifier(nulls).maxFieldSize(LONGEST_VALUE)),
                        RowText.characters(in, Charset.forName(csv.encoding())));
    }

    private void take(CsvRecord record, int[] order, Rows rows) {
        long line = record.getStartingLineNumber();
        if (record.getFieldCount() != order.length) {
            rows.refused(
                    line,
                    String.join(csv.delimiter(), record.getFields()).replace(NULL, csv.nullText()),
                    "it has " + record.getFieldCount() + " values, the columns are " + order.length
                            + "; a value that holds '" + csv.delimiter() + "' stands in " + csv.quote());
            return;
        }
        String[] cells = new String[order.length];
        for (int i = 0; i < order.length; i++) {
            String value = record.getField(i);
            cells[order[i]] = value.equals(NULL) ? null : value;
        }
        rows.row(line, cells);
    }

    private int[] declared() {
        int[] order = new int[columns.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        return order;
    }

    /** The place among the declared columns of each column of the header. */
    private int[] order(String name, List<String> header) {
        List<String> found = header.stream().map(String::strip).toList();
        List<String> missing = columns.stream().filter(c -> !found.contains(c)).toList();
        List<String> unknown = found.stream().filter(c -> !columns.contains(c)).toList();
        Set<String> once = new HashSet<>();
        List<String> twice = found.stream().filter(c -> !once.add(c)).toList();
        List<String> wrong = new ArrayList<>();
        told("missing", missing, wrong);
        told("unknown", unknown, wrong);
        told("twice", twice, wrong);
        if (!wrong.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    name + ": the header does not name the columns of the source: " + String.join("; ", wrong)
                            + ". Expected, in any order: " + String.join(csv.delimiter(), columns));
        }
        return found.stream().mapToInt(columns::indexOf).toArray();
    }

    private static void told(String what, List<String> names, List<String> wrong) {
        if (!names.isEmpty()) {
            wrong.add(names.stream()
                    .map(n -> "'" + n.replace(NULL, "").replace(UNREADABLE, '?') + "'")
                    .collect(Collectors.joining(", ", what + " ", "")));
        }
    }
}
