/** What was counted once is counted again: for lost Redis data, and for a counter that is to count from an earlier time. */
package io.granary.streaming.replay;
