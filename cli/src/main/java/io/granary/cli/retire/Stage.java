package io.granary.cli.retire;

/**
 * How far a subject is on its way out. A name in -ING is written before the step is taken: when it is found there, the
 * step was interrupted and is taken again.
 */
enum Stage {
    /** Its folder is about to leave {@code subjects/}. */
    STOPPING,
    /** Nothing of it runs any more; its tables are as they were. */
    STOPPED,
    QUARANTINING,
    /** Its tables are there, under names that nobody reads. */
    QUARANTINED,
    DROPPING,
    /** Its data is deleted; its definition is kept. */
    DROPPED,
    /** It is on its way back. */
    UNDOING;

    /** Whether its data may be deleted in part already, so that there is no way back. */
    boolean isBeyondUndo() {
        return this == DROPPING || this == DROPPED;
    }
}
