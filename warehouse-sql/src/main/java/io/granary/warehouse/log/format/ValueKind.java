package io.granary.warehouse.log.format;

/** How the text of a slot becomes the value of its column. */
public enum ValueKind {
    /** Read over; no column. */
    IGNORED("string"),
    /** Text; {@code -} is NULL. */
    TEXT("string"),
    /** {@code METHOD url PROTOCOL}: three columns. */
    REQUEST("string"),
    /** A number of three digits. */
    STATUS("int"),
    /** A number of bytes; {@code -} is 0. */
    BYTES("bigint"),
    /** A whole number; {@code -} is NULL. */
    INT("int"),
    /** A whole number; {@code -} is NULL. */
    BIGINT("bigint"),
    /** A number with or without a fraction; {@code -} is NULL. */
    DOUBLE("double"),
    /** A time by the slot's pattern. */
    TIME("timestamp"),
    /** The day of a W3C log, UTC; the time of day is another slot. */
    DATE("timestamp"),
    /** The time of day of a W3C log; it has no column of its own. */
    TIME_OF_DAY("timestamp");

    private final String type;

    ValueKind(String type) {
        this.type = type;
    }

    /** Spark SQL type of the column. */
    public String type() {
        return type;
    }

    public boolean isNumber() {
        return this == STATUS || this == BYTES || this == INT || this == BIGINT || this == DOUBLE;
    }
}
