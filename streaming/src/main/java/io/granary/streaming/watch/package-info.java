/** What the streaming process tells about itself: {@code /metrics} and how far it is behind. */
package io.granary.streaming.watch;
