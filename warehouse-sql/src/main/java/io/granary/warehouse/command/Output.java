package io.granary.warehouse.command;

/** How a command prints its rows. */
public enum Output {
    TABLE,
    CSV,
    JSON
}
