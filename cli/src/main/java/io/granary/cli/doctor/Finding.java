package io.granary.cli.doctor;

/**
 * What was found about one thing.
 *
 * @param detail what there is, or what is wrong
 * @param remedy what to do; empty when all is well
 */
record Finding(State state, String what, String detail, String remedy) {
    /** WARN is no reason to fail. */
    enum State {
        OK,
        WARN,
        WRONG,
        /** Not looked at, because something else is missing. */
        UNKNOWN
    }

    static Finding ok(String what, String detail) {
        return new Finding(State.OK, what, detail, "");
    }

    static Finding warn(String what, String detail, String remedy) {
        return new Finding(State.WARN, what, detail, remedy);
    }

    static Finding wrong(String what, String detail, String remedy) {
        return new Finding(State.WRONG, what, detail, remedy);
    }

    static Finding unknown(String what, String detail, String remedy) {
        return new Finding(State.UNKNOWN, what, detail, remedy);
    }
}
