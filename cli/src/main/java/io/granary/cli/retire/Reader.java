package io.granary.cli.retire;

/**
 * Someone outside the subject who still reads a part of it.
 *
 * @param place {@code file:line}
 */
record Reader(String place, String name, String reads) {}
