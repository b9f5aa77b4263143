package io.granary.ingestion.flume;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings about states that last: each is logged at once and then every ten minutes at most. */
public final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(LogTailSource.class);
    private static final Duration AGAIN = Duration.ofMinutes(10);
    private static final int KEPT = 1000;

    private final Map<String, Instant> said = new HashMap<>();
    private final Consumer<String> log;

    public Complaints() {
        this(LOG::warn);
    }

    /** @param log takes what is said */
    public Complaints(Consumer<String> log) {
        this.log = log;
    }

    public void say(Instant now, String message) {
        Instant last = said.get(message);
        if (last != null && now.isBefore(last.plus(AGAIN))) {
            return;
        }
        if (said.size() >= KEPT) {
            said.clear();
        }
        said.put(message, now);
        log.accept(message);
    }
}
