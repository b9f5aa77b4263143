package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * {@code streamreader}: the same row again and again, or random rows, for trials and measurements.
 *
 * @param sliceRecordCount rows of each channel
 */
public record StreamReader(List<StreamColumn> column, Long sliceRecordCount) implements DataxJob.Reader {
    public static final String NAME = "streamreader";

    public StreamReader {
        column = Required.list(NAME, "column", column);
        if (sliceRecordCount == null || sliceRecordCount < 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, NAME + ": sliceRecordCount is " + sliceRecordCount + "; it is at least 1");
        }
    }

    @Override
    public String plugin() {
        return NAME;
    }

    /**
     * A column.
     *
     * @param type {@code string} (default), or another of {@link ReaderColumn}'s types
     * @param value the value of every row, or null
     * @param random {@code "1,10"}: a number, or a length of text, from 1 to 10; of dates two dates; or null
     * @param dateFormat of a date's value, {@code yyyy-MM-dd HH:mm:ss} unless set
     */
    public record StreamColumn(String type, String value, String random, String dateFormat) {
        public StreamColumn {
            type = new ReaderColumn(0, null, type == null ? "string" : type, null, null).type();
            if ((value == null) == (random == null)) {
                throw new GranaryException(ErrorCode.DEFINITION, NAME + ": a column has either 'value' or 'random'");
            }
        }
    }
}
