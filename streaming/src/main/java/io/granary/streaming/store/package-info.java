/** The counters in Redis, behind fences, so that whatever is repeated counts once. */
package io.granary.streaming.store;
