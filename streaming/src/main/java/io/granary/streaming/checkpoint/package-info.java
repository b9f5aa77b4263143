/** What a query keeps beside Spark's checkpoint: its epoch, the marks and what each batch adds. */
package io.granary.streaming.checkpoint;
