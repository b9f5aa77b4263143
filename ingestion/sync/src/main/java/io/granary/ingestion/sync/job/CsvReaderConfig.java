package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/**
 * {@code csvReaderConfig} of the readers of text files. Null: DataX's default, in brackets.
 *
 * @param safetySwitch a value is at most 100,000 characters (true)
 * @param skipEmptyRecords empty lines are no rows (true)
 * @param useTextQualifier values may stand in quotes (true)
 * @param trimWhitespace blanks around a value that is not in quotes are dropped (true)
 * @param textQualifier the quote ({@code "})
 * @param useComments lines that start with {@code comment} are no rows (false)
 * @param comment ({@code #})
 * @param escapeMode how a quote stands inside quotes: 1 doubled, 2 behind a backslash (1)
 */
public record CsvReaderConfig(
        Boolean safetySwitch,
        Boolean skipEmptyRecords,
        Boolean useTextQualifier,
        Boolean trimWhitespace,
        String textQualifier,
        Boolean useComments,
        String comment,
        Integer escapeMode) {
    /** DataX's defaults. */
    public static final CsvReaderConfig DEFAULT = new CsvReaderConfig(null, null, null, null, null, null, null, null);

    public CsvReaderConfig {
        Required.character("csvReaderConfig", "textQualifier", textQualifier);
        Required.character("csvReaderConfig", "comment", comment);
        if (escapeMode != null && escapeMode != 1 && escapeMode != 2) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "csvReaderConfig: escapeMode is " + escapeMode + "; supported: 1 (doubled quotes), 2 (backslash)");
        }
    }
}
