package io.granary.cli.retire;

/** Is told what happens while it happens. */
interface Journal {
    /** A line for a person. */
    void say(String line);

    /** Something was changed in the project or a store; called right after it. */
    default void changed() {}
}
