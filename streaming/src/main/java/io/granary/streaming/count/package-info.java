/** One batch: from records to what it adds to the counters. */
package io.granary.streaming.count;
