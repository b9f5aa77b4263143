package io.granary.cluster;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a component is.
 *
 * @param pid empty when stopped; of a dead one the number it had
 * @param port empty for a component nobody connects to
 * @param uptime zero when it does not run
 * @param memory resident, in MiB
 * @param lastLines of a dead component, the end of its log
 */
public record Status(
        Component component,
        State state,
        OptionalLong pid,
        OptionalInt port,
        Duration uptime,
        long memory,
        List<String> lastLines) {
    /** What a component may be. */
    public enum State {
        /** Takes requests. */
        RUNNING,
        /** Its process is there but does not take requests yet. */
        STARTING,
        /** Its process ended and nobody had asked for it. */
        DEAD,
        /** Never started, or stopped as asked. */
        STOPPED;

        /** In small letters, as people and scripts see it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
