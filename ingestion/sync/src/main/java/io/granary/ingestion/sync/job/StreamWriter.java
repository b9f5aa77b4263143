package io.granary.ingestion.sync.job;

/**
 * {@code streamwriter}: shows the rows, or drops them.
 *
 * @param print whether rows are shown; true unless set
 * @param fieldDelimiter between values, a tab unless set
 */
public record StreamWriter(Boolean print, String fieldDelimiter, String encoding) implements DataxJob.Writer {
    public static final String NAME = "streamwriter";

    public StreamWriter {
        print = print == null || print;
        fieldDelimiter = fieldDelimiter == null ? "\t" : fieldDelimiter;
        encoding = Required.charset(NAME, encoding);
    }

    @Override
    public String plugin() {
        return NAME;
    }
}
