package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * {@code rediswriter}, which DataX has not: each row becomes a hash, under keys of a version that readers see all at once.
 *
 * @param uri {@code redis://host:port}, without a password
 * @param password a {@link PasswordReference}, or null where the server asks for none
 * @param name what the rows are, the first part of their keys: {@code user} in {@code user:17}
 * @param id column that names a row
 * @param column names of the hash's fields in the order of the reader's columns, {@code id} among them
 * @param version names the rows' state, such as the day; rows of the same version replace each other
 * @param batchSize rows sent at a time, 1000 unless set
 */
public record RedisWriter(
        String uri, String password, String name, String id, List<String> column, String version, Integer batchSize)
        implements DataxJob.Writer {
    public static final String NAME = "rediswriter";
    private static final int DEFAULT_BATCH = 1000;

    public RedisWriter {
        Required.text(NAME, "uri", uri);
        if (!uri.matches("rediss?://[^@]+")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    NAME + ": uri is redis://host:port, without user and password; the password has its own key");
        }
        if (password != null) {
            PasswordReference.check(NAME, password);
        }
        Required.text(NAME, "name", name);
        Required.text(NAME, "id", id);
        column = Required.list(NAME, "column", column);
        if (!column.contains(id)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, NAME + ": id '" + id + "' is not among the columns " + column);
        }
        Required.text(NAME, "version", version);
        batchSize = batchSize == null ? DEFAULT_BATCH : batchSize;
        Required.positive(NAME, "batchSize", batchSize);
    }

    @Override
    public String plugin() {
        return NAME;
    }
}
