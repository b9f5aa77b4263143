package io.granary.ingestion.sync.text;

import io.granary.ingestion.sync.row.CellText;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.orc.TypeDescription;

/**
 * How rows stand in a text file.
 *
 * @param csv values are quoted where they need it; else a value that needs it is refused
 * @param nullFormat what stands for NULL
 * @param compress {@code gzip, bzip2}, or null
 * @param dates format of dates and times; null: ISO 8601 as Hive writes it
 * @param header first line; empty: none
 */
record TextShape(
        boolean csv,
        char delimiter,
        String nullFormat,
        String encoding,
        String compress,
        DateTimeFormatter dates,
        List<String> header) {
    /** @throws GranaryException when it is no format */
    static DateTimeFormatter dates(String dateFormat) {
        try {
            return dateFormat == null ? null : DateTimeFormatter.ofPattern(dateFormat);
        } catch (IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "dateFormat '" + dateFormat + "' is no format: " + e.getMessage(), e);
        }
    }

    /** Of the files' names. */
    String ending() {
        String packed = compress == null ? "" : compress.equals("gzip") ? ".gz" : ".bz2";
        return (csv ? ".csv" : ".txt") + packed;
    }

    OutputStream packed(OutputStream out) throws IOException {
        if (compress == null) {
            return out;
        }
        return compress.equals("gzip") ? new GZIPOutputStream(out) : new BZip2Codec().createOutputStream(out);
    }

    /** A value that is not NULL. */
    String text(TypeDescription type, ColumnVector vector, int at) {
        if (dates == null) {
            return CellText.of(type, vector, at);
        }
        return switch (type.getCategory()) {
            case DATE ->
                format(LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at])
                        .atStartOfDay());
            case TIMESTAMP, TIMESTAMP_INSTANT -> format(CellText.dateTime((TimestampColumnVector) vector, at));
            default -> CellText.of(type, vector, at);
        };
    }

    private String format(LocalDateTime time) {
        return dates.format(time);
    }

    /** Why the value cannot stand in the file so that it is read back the same, or null. */
    String refusal(String value) {
        if (value.equals(nullFormat)) {
            return "the text '" + value + "' would be read as NULL; choose another nullFormat";
        }
        boolean breaks = value.indexOf(delimiter) >= 0 || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0;
        return breaks && !csv
                ? "a value holds the delimiter or a new line; write csv, or choose another delimiter"
                : null;
    }
}
