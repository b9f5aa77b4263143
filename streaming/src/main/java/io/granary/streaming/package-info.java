/**
 * Real-time counters: one Structured Streaming query a log source, from its Kafka topic through the streamable models' own
 * SQL to Redis, exactly once.
 *
 * <p>Batch N: (1) lines below the files' marks as they stood after N-1 are dropped; (2) the SQL runs and its rows are
 * aggregated to deltas; (3) the deltas and then the marks after N are stored beside the checkpoint; (4) for each shard and
 * slice one Lua script applies deltas and fence together; (5) {@code as_of} moves; Spark commits N. A crash anywhere runs
 * N again: before (3) was complete it is computed anew from the marks of N-1, after it the stored deltas are taken, and
 * the fences let through what is missing.
 */
package io.granary.streaming;
