package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.Marks;

/** What a query has counted, as of when it is asked. */
interface StreamMarks {
    /** All of this is in Redis. */
    Marks complete();

    /** Nothing but this is in Redis. */
    Marks stored();
}
