package io.granary.cli.retire;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far a subject is on its way out. A name in -ING is written before the step is taken: when it is found there, the
 * step was interrupted and is taken again.
 */
enum Stage {
    /** Its folder is about to leave {@code subjects/}. */
    @JsonProperty("stopping")
    STOPPING,
    /** Nothing of it runs any more; its tables are as they were. */
    @JsonProperty("stopped")
    STOPPED,
    @JsonProperty("quarantining")
    QUARANTINING,
    /** Its tables are there, under names that nobody reads. */
    @JsonProperty("quarantined")
    QUARANTINED,
    @JsonProperty("dropping")
    DROPPING,
    /** Its data is deleted; its definition is kept. */
    @JsonProperty("dropped")
    DROPPED,
    /** It is on its way back. */
    @JsonProperty("undoing")
    UNDOING;

    /** Whether its data may be deleted in part already, so that there is no way back. */
    boolean isBeyondUndo() {
        return this == DROPPING || this == DROPPED;
    }
}
