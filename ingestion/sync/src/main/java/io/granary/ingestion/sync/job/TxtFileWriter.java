package io.granary.ingestion.sync.job;

import java.util.List;
import java.util.Locale;

/**
 * {@code txtfilewriter}: text files in a local folder.
 *
 * @param fileName prefix of the files written
 * @param writeMode {@code append}; {@code nonConflict}: the folder holds no file of this prefix before; {@code truncate}:
 *     files of this prefix are removed once the new ones are complete
 * @param fileFormat {@code text} (default) or {@code csv} (values are quoted where they need it)
 * @param compress {@code gzip}, {@code bzip2}, or null
 * @param nullFormat what stands for NULL, {@code \N} unless set
 * @param dateFormat of dates, such as {@code yyyy-MM-dd}; null: ISO 8601 as Hive writes it
 * @param header first line of each file; empty: none
 */
public record TxtFileWriter(
        String path,
        String fileName,
        String writeMode,
        String fieldDelimiter,
        String fileFormat,
        String compress,
        String encoding,
        String nullFormat,
        String dateFormat,
        List<String> header)
        implements DataxJob.Writer {
    public static final String NAME = "txtfilewriter";

    public TxtFileWriter {
        Required.text(NAME, "path", path);
        Required.text(NAME, "fileName", fileName);
        Required.oneOf(NAME, "writeMode", writeMode, "append", "nonConflict", "truncate");
        fieldDelimiter = fieldDelimiter == null ? "," : fieldDelimiter;
        Required.character(NAME, "fieldDelimiter", fieldDelimiter);
        fileFormat = fileFormat == null ? "text" : Required.lower(fileFormat);
        Required.oneOf(NAME, "fileFormat", fileFormat, "text", "csv");
        compress = Required.blankIsNull(compress == null ? null : compress.toLowerCase(Locale.ROOT));
        if (compress != null) {
            Required.oneOf(NAME, "compress", compress, "gzip", "bzip2");
        }
        encoding = Required.charset(NAME, encoding);
        nullFormat = nullFormat == null ? TextFormat.NULL : nullFormat;
        header = header == null ? List.of() : List.copyOf(header);
    }

    @Override
    public String plugin() {
        return NAME;
    }
}
