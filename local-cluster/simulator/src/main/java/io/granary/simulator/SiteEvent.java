package io.granary.simulator;

import java.time.Instant;

/** Something the site writes a log line about. */
sealed interface SiteEvent {
    Instant at();

    /** A request answered by the web server. */
    record Request(
            Instant at,
            Visitor visitor,
            String method,
            String url,
            int status,
            long bytes,
            String referrer,
            boolean isPageView)
            implements SiteEvent {}

    /** An advertisement shown or clicked. {@code type}: impression or click. */
    record AdEvent(Instant at, Visitor visitor, String id, String type, int campaign, int creative, String position)
            implements SiteEvent {}

    /** A line that a crashing server cut short: it cannot be parsed. */
    record BrokenLine(Instant at, String text) implements SiteEvent {}
}
