package io.granary.ingestion.flume;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flume.Event;
import org.apache.flume.channel.ChannelProcessor;

/** The last heartbeat of an orderly stop; a channel that does not take it does not hold up the stop. */
record Farewell(String source, Complaints complaints) {
    /** How long an orderly stop tries to say that it is one. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** @param channel fetched by the caller: the getter of a Flume source waits for the call that stops it */
    void say(ChannelProcessor channel, List<Event> events, Instant now) {
        Thread farewell = new Thread(() -> channel.processEventBatch(events), "stopped-heartbeat");
        farewell.setDaemon(true);
        farewell.setUncaughtExceptionHandler(
                (thread, e) -> complaints.say(now, "the last heartbeat of " + source + " failed: " + e));
        farewell.start();
        try {
            farewell.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (farewell.isAlive()) {
            complaints.say(
                    now,
                    "the channel of " + source + " did not take the last heartbeat within " + PATIENCE.toSeconds()
                            + " s: this host does not count as stopped");
        }
    }
}
