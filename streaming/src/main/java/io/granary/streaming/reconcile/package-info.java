/** Compares what was counted in real time with the batch tables, explains what differs and can correct it. */
package io.granary.streaming.reconcile;
