package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * {@code hdfsreader}: rows of files, a file being a part.
 *
 * @param defaultFS file system of the paths, or null when they name it
 * @param path files, or folders as {@code folder/*}
 * @param fileType {@code orc}, {@code text} (Hive's text files) or {@code csv}
 * @param column empty: all columns (of text files, as text); in JSON {@code ["*"]}
 * @param successOnNoFile a path without a file is no error
 */
public record HdfsReader(
        String defaultFS,
        List<String> path,
        String fileType,
        List<ReaderColumn> column,
        String encoding,
        String fieldDelimiter,
        String nullFormat,
        String compress,
        CsvReaderConfig csvReaderConfig,
        Boolean successOnNoFile)
        implements DataxJob.Reader {
    public static final String NAME = "hdfsreader";

    public HdfsReader {
        path = Required.list(NAME, "path", path);
        fileType = Required.lower(fileType);
        Required.oneOf(NAME, "fileType", fileType, "orc", "text", "csv");
        column = Required.columns(NAME, column);
        TextFormat.of(NAME, encoding, fieldDelimiter, null, nullFormat, compress, csvReaderConfig);
        if (fileType.equals("orc") && Required.blankIsNull(compress) != null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, NAME + ": compress is '" + compress + "'; ORC files say it themselves");
        }
    }

    /** ORC files of folders. */
    public static HdfsReader orc(String defaultFs, List<String> path, List<ReaderColumn> column) {
        return new HdfsReader(defaultFs, path, "orc", column, "UTF-8", null, null, null, null, null);
    }

    @Override
    public String plugin() {
        return NAME;
    }

    /** How rows stand in files of text and csv. */
    public TextFormat textFormat() {
        return TextFormat.of(NAME, encoding, fieldDelimiter, null, nullFormat, compress, csvReaderConfig);
    }
}
