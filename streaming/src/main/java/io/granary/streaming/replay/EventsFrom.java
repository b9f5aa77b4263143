package io.granary.streaming.replay;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.manifest.CounterNode;

/** A counter of events from a time on. */
final class EventsFrom {
    private EventsFrom() {}

    /** @param from epoch milliseconds */
    static ZonedCounter of(ZonedCounter counter, long from) {
        CounterNode node = counter.node();
        String time = "CAST(`" + node.time().replace("`", "``") + "` AS TIMESTAMP) >= TIMESTAMP_MILLIS(" + from + "L)";
        boolean isFree = node.where() == null || node.where().isBlank();
        // the condition may end in a comment
        String where = isFree ? time : "(" + node.where() + "\n) AND " + time;
        return new ZonedCounter(
                new CounterNode(
                        node.id(),
                        node.subject(),
                        node.name(),
                        node.description(),
                        node.from(),
                        node.time(),
                        where,
                        node.by(),
                        node.windows(),
                        node.measures(),
                        node.ttl(),
                        node.ahead(),
                        node.maxKeys(),
                        node.top()),
                counter.zone());
    }
}
