package io.granary.warehouse.log.format;

/** A format that cannot be understood. */
public final class FormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String hint;

    /**
     * @param what what is wrong, with the variable
     * @param hint what to write instead
     */
    FormatException(String what, String hint) {
        super(what + "; " + hint);
        this.what = what;
        this.hint = hint;
    }

    public String what() {
        return what;
    }

    public String hint() {
        return hint;
    }
}
