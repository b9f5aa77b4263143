package io.granary.ingestion.sync.job;

import java.util.Locale;

/**
 * How rows stand in text files; what the keys of several plugins say together, with their defaults filled in.
 *
 * @param encoding name of a character set
 * @param fieldDelimiter one character
 * @param skipHeader the first line is no row
 * @param nullFormat the text that stands for NULL
 * @param compress {@code zip, gzip, bzip2}, or null
 */
public record TextFormat(
        String encoding,
        char fieldDelimiter,
        boolean skipHeader,
        String nullFormat,
        String compress,
        CsvReaderConfig csv) {
    /** What stands for NULL unless a job says something else, as in Hive. */
    public static final String NULL = "\\N";

    static TextFormat of(
            String plugin,
            String encoding,
            String fieldDelimiter,
            Boolean skipHeader,
            String nullFormat,
            String compress,
            CsvReaderConfig csv) {
        Required.character(plugin, "fieldDelimiter", fieldDelimiter);
        String packed = Required.blankIsNull(compress == null ? null : compress.toLowerCase(Locale.ROOT));
        if (packed != null) {
            Required.oneOf(plugin, "compress", packed, "zip", "gzip", "bzip2");
        }
        return new TextFormat(
                Required.charset(plugin, encoding),
                fieldDelimiter == null ? ',' : fieldDelimiter.charAt(0),
                skipHeader != null && skipHeader,
                nullFormat == null ? NULL : nullFormat,
                packed,
                csv == null ? CsvReaderConfig.DEFAULT : csv);
    }
}
