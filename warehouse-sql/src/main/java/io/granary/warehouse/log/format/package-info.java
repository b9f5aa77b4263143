/**
 * What lines look like: a source's {@code format} as data. Nothing here reads a line or knows an engine; the SQL functions
 * read lines by it, and the project loader checks it and takes the columns from it.
 */
package io.granary.warehouse.log.format;
