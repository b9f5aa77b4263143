package io.granary.cli.project;

/** How a command prints its rows. */
public enum Output {
    TABLE,
    CSV,
    JSON
}
