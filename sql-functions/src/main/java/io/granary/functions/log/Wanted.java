package io.granary.functions.log;

/**
 * What a query asks of lines.
 *
 * @param columns by index in the format, whether the column is asked for
 * @param isJudged whether lines are judged as well, for which all of a line is read
 */
record Wanted(boolean[] columns, boolean isJudged) {
    boolean has(int column) {
        return isJudged || columns[column];
    }
}
