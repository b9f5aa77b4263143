package io.granary.ingestion.file;

/**
 * A value that is not what its column says.
 *
 * @param file what people know the file by
 * @param line from 1, where the row begins
 * @param column null when it is the whole row
 * @param value as it stands in the file, cut when it is long; null when there is none
 */
public record CellProblem(String file, long line, String column, String value, String reason) {
    @Override
    public String toString() {
        return file + ", line " + line + (column == null ? "" : ", column " + column)
                + (value == null ? "" : ", value '" + value + "'") + ": " + reason;
    }
}
