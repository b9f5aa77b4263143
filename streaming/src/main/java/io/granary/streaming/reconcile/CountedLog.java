package io.granary.streaming.reconcile;

import io.granary.streaming.replay.CounterPast;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;

/** What a counter counts: the model's rows of the lines of a log, joined to dimensions, and which of them it has counted. */
record CountedLog(SourceNode source, ModelNode model, Dimensions dimensions, CounterPast past) {}
