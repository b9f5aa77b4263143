/**
 * Changed rows of a database table, read again and again by a watermark and written to a journal of JSON lines, which a
 * {@link io.granary.ingestion.flume.LogTailSource} follows as it follows any log: chunks, offsets, sealing and account
 * are those of logs.
 */
package io.granary.ingestion.flume.poll;
