package io.granary.ingestion.sync.job;

import java.util.List;

/**
 * {@code txtfilereader}: rows of local text files, a file being a part. Values in quotes are taken as in CSV.
 *
 * @param path files and folders; {@code *} stands for any part of a name
 * @param column empty: all columns as text; in JSON {@code ["*"]}
 */
public record TxtFileReader(List<String> path, List<ReaderColumn> column, TextKeys text) implements DataxJob.Reader {
    public static final String NAME = "txtfilereader";

    public TxtFileReader {
        path = Required.list(NAME, "path", path);
        column = Required.columns(NAME, column);
        text.format(NAME);
    }

    @Override
    public String plugin() {
        return NAME;
    }

    /** How rows stand in the files. */
    public TextFormat textFormat() {
        return text.format(NAME);
    }
}
