package io.granary.cli.project;

/** How a command prints its rows. */
enum Output {
    TABLE,
    CSV,
    JSON
}
