package io.granary.streaming.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Redis would not do of slices that it applied otherwise; it is said loudly, and the rest goes on. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final AtomicLong count = new AtomicLong();
    private volatile String wrongKey;

    /** @param reply of {@code apply.lua} */
    void note(Object reply) {
        if (!(reply instanceof List<?> refused)) {
            return;
        }
        count.addAndGet(refused.size());
        for (Object one : refused) {
            String text = one instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(one);
            LOG.error("Redis did not count: {}", text);
            if (text.contains("WRONGTYPE")) {
                wrongKey = text;
            }
        }
    }

    long count() {
        return count.get();
    }

    /** A key that is not ours stands where one of ours belongs; told once. */
    Optional<String> key() {
        Optional<String> found = Optional.ofNullable(wrongKey);
        wrongKey = null;
        return found;
    }
}
