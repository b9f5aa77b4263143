package io.granary.warehouse.error;

/**
 * The one exception of Granary. Its message says what is wrong, which value, where, and what to do; it is shown to
 * people as it stands.
 */
public final class GranaryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public GranaryException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public GranaryException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /** {@code EXTERNAL-4000: message}, the form in which logs and problem documents show it. */
    @Override
    public String toString() {
        return code + "-" + code.number() + ": " + getMessage();
    }
}
