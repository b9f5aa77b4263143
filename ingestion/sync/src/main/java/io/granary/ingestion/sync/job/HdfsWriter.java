package io.granary.ingestion.sync.job;

import java.util.List;
import java.util.Locale;

/**
 * {@code hdfswriter}: files in one folder. Types are Hive's, decimals and binary too, which DataX itself refuses.
 *
 * @param defaultFS file system of the path, or null when the path names it
 * @param fileType {@code orc}, {@code text} (Hive's text files) or {@code csv}
 * @param fileName prefix of the files written
 * @param writeMode {@code append}; {@code nonConflict}: the folder holds no file of this prefix before; {@code truncate}:
 *     files of this prefix are removed once the new ones are complete
 * @param fieldDelimiter one character, of text and csv; needless for ORC
 * @param compress of ORC NONE, SNAPPY (default), ZLIB, ZSTD, LZ4; of text and csv GZIP, BZIP2 or null
 * @param nullFormat what stands for NULL in text and csv, {@code \N} unless set
 */
public record HdfsWriter(
        String defaultFS,
        String path,
        String fileType,
        String fileName,
        String writeMode,
        String fieldDelimiter,
        String compress,
        String encoding,
        String nullFormat,
        List<WriterColumn> column)
        implements DataxJob.Writer {
    public static final String NAME = "hdfswriter";

    public HdfsWriter {
        Required.text(NAME, "path", path);
        Required.text(NAME, "fileName", fileName);
        fileType = Required.lower(fileType);
        Required.oneOf(NAME, "fileType", fileType, "orc", "text", "csv");
        Required.oneOf(NAME, "writeMode", writeMode, "append", "nonConflict", "truncate");
        Required.character(NAME, "fieldDelimiter", fieldDelimiter);
        compress = Required.blankIsNull(compress == null ? null : compress.toUpperCase(Locale.ROOT));
        if (compress != null) {
            String[] known = fileType.equals("orc")
                    ? new String[] {"NONE", "SNAPPY", "ZLIB", "ZSTD", "LZ4"}
                    : new String[] {"GZIP", "BZIP2"};
            Required.oneOf(NAME, "compress", compress, known);
        }
        encoding = Required.charset(NAME, encoding);
        Required.oneOf(NAME, "encoding", encoding, "UTF-8");
        column = Required.list(NAME, "column", column);
    }

    /** ORC files in a folder that has none of that name. */
    public static HdfsWriter orc(String defaultFs, String path, String fileName, List<WriterColumn> column) {
        return new HdfsWriter(defaultFs, path, "orc", fileName, "nonConflict", "\u0001", "SNAPPY", null, null, column);
    }

    /**
     * The same for a job whose steps each open a writer of their own: what {@code append} adds to the names is chosen here,
     * once.
     */
    public HdfsWriter named() {
        if (!writeMode.equals("append")) {
            return this;
        }
        String unique = fileName + "-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        return new HdfsWriter(
                defaultFS,
                path,
                fileType,
                unique,
                "nonConflict",
                fieldDelimiter,
                compress,
                encoding,
                nullFormat,
                column);
    }

    @Override
    public String plugin() {
        return NAME;
    }
}
