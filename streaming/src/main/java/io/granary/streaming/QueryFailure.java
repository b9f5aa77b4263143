package io.granary.streaming;

import io.granary.streaming.store.Epoch;
import io.granary.warehouse.config.StreamSettings;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Set;

/**
 * Why a query ended, and what that means for it.
 *
 * @param error says what, where and what to do
 * @param isPassing whether the same start may succeed later, with nobody doing anything about it
 */
record QueryFailure(GranaryException error, boolean isPassing) {
    private static final Set<ErrorCode> PASSING = Set.of(ErrorCode.EXTERNAL, ErrorCode.RESOURCES, ErrorCode.BUSY);

    /** What Spark says of a second process, when it starts and when it meets the first one's batch. */
    private static final Set<String> SECOND = Set.of(
            "concurrently using",
            "CONCURRENT_QUERY",
            "Multiple streaming jobs detected",
            "CONCURRENT_STREAM_LOG_UPDATE");

    static QueryFailure of(String query, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof GranaryException known) {
                return new QueryFailure(known, PASSING.contains(known.code()));
            }
        }
        String message = String.valueOf(thrown.getMessage());
        if (message.contains("data may have been lost") || message.contains("DataLoss")) {
            return new QueryFailure(
                    new GranaryException(
                            ErrorCode.DATA,
                            "Kafka no longer holds records that " + query + " has not counted yet (deleted by its"
                                    + " retention, or the topic was made anew). To count anew what is sealed and what Kafka"
                                    + " holds: `granary seal " + query + "`; remove the checkpoint's folder ("
                                    + StreamSettings.CHECKPOINTS + "/" + query + ", unless streaming.checkpoint of the"
                                    + " profile names another) and then from Redis " + Epoch.keys(query)
                                    + "; `granary counters count <counter> --from <day>` for each of its counters; start"
                                    + " streaming again. What was found: " + message,
                            thrown),
                    false);
        }
        if (SECOND.stream().anyMatch(message::contains)) {
            return new QueryFailure(
                    new GranaryException(
                            ErrorCode.BUSY,
                            "another process counts " + query
                                    + " with the same checkpoint; only one of them may. Stop one"
                                    + " (`granary status`, `yarn application -list`).",
                            thrown),
                    false);
        }
        return new QueryFailure(
                new GranaryException(
                        ErrorCode.EXTERNAL,
                        "query " + query
                                + " failed and is tried again by itself; if it keeps failing, are Kafka and the"
                                + " checkpoint's file system up (`granary status`)? What was found: " + message,
                        thrown),
                true);
    }
}
