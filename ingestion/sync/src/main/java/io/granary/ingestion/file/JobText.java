package io.granary.ingestion.file;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifier;
import io.granary.ingestion.sync.job.CsvReaderConfig;
import io.granary.ingestion.sync.job.TextFormat;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;

/** Rows of separated values as DataX's readers of text take them: by position, with its options and defaults. */
final class JobText implements RowText {
    private static final int SAFE = 100_000;
    private static final int LONGEST = 16 << 20;

    private final TextFormat format;

    JobText(String plugin, TextFormat format) {
        this.format = format;
        if (Integer.valueOf(2).equals(format.csv().escapeMode())) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin
                            + ": csvReaderConfig.escapeMode 2 (a quote behind a backslash) is not read; 1 is, where a quote"
                            + " inside quotes is doubled");
        }
    }

    /** Each row has as many cells as its line has values. */
    @Override
    public void read(String name, InputStream in, Rows rows) throws IOException {
        boolean header = format.skipHeader();
        try (CsvReader<CsvRecord> reader = reader(in)) {
            for (CsvRecord record : reader) {
                if (!header) {
                    rows.row(record.getStartingLineNumber(), cells(record));
                }
                header = false;
            }
        } catch (CsvParseException e) {
            throw CsvRows.broken(name, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private CsvReader<CsvRecord> reader(InputStream in) throws IOException {
        CsvReaderConfig csv = format.csv();
        boolean trim = isOn(csv.trimWhitespace(), true);
        FieldModifier blanks = new FieldModifier() {
            @Override
            public String modify(long line, int field, boolean quoted, String value) {
                return trim && !quoted ? value.strip() : value;
            }
        };
        int longest = isOn(csv.safetySwitch(), true) ? SAFE : LONGEST;
        CsvReader.CsvReaderBuilder reader = CsvReader.builder()
                .fieldSeparator(format.fieldDelimiter())
                .quoteCharacter(quote(csv))
                .skipEmptyLines(isOn(csv.skipEmptyRecords(), true))
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowUnclosedQuote(false)
                .maxBufferSize(LONGEST);
        if (isOn(csv.useComments(), false)) {
            reader.commentStrategy(CommentStrategy.SKIP)
                    .commentCharacter(
                            csv.comment() == null ? '#' : csv.comment().charAt(0));
        }
        return reader.build(
                CsvRecordHandler.of(handler -> handler.fieldModifier(blanks).maxFieldSize(longest)),
                RowText.characters(in, Charset.forName(format.encoding())));
    }

    /** No text holds the character that stands for "none". */
    private static char quote(CsvReaderConfig csv) {
        if (!isOn(csv.useTextQualifier(), true)) {
            return '\ufffe';
        }
        return csv.textQualifier() == null ? '"' : csv.textQualifier().charAt(0);
    }

    private static boolean isOn(Boolean option, boolean absent) {
        return option == null ? absent : option;
    }

    private String[] cells(CsvRecord record) {
        String[] cells = new String[record.getFieldCount()];
        for (int i = 0; i < cells.length; i++) {
            String value = record.getField(i);
            cells[i] = value.equals(format.nullFormat()) ? null : value;
        }
        return cells;
    }
}
