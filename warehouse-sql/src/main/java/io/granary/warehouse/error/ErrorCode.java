package io.granary.warehouse.error;

/**
 * The four kinds of failure, each with a range of numbers. The kind decides the exit code of a command and the HTTP
 * status of an answer; the number is stable and can be searched for.
 */
public enum ErrorCode {
    /** A person gave something that cannot work: an option, a file, a definition. */
    USAGE(2000, 2),
    /** A project file is wrong. */
    DEFINITION(2100, 1),
    /** Something asked for does not exist. */
    NOT_FOUND(2200, 1),
    /** Another process holds what this one needs. */
    BUSY(2300, 1),
    /** Data is not what its contract says. */
    DATA(3000, 1),
    /** A store or a component cannot be reached or refused the call. */
    EXTERNAL(4000, 1),
    /** A machine is short of memory, disk or ports. */
    RESOURCES(4100, 1),
    /** A fault of Granary itself. */
    INTERNAL(5000, 2);

    private final int number;
    private final int exitCode;

    ErrorCode(int number, int exitCode) {
        this.number = number;
        this.exitCode = exitCode;
    }

    /** The stable number: user 2xxx, data 3xxx, external 4xxx, internal 5xxx. */
    public int number() {
        return number;
    }

    /** 1 for a handled failure, 2 for usage and the unexpected. */
    public int exitCode() {
        return exitCode;
    }
}
