package io.granary.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Lets through one message every two seconds. */
final class Ticker {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Consumer<String> progress;
    private Instant next = Instant.now();

    Ticker(Consumer<String> progress) {
        this.progress = progress;
    }

    void tick(Supplier<String> message) {
        Instant now = Instant.now();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(INTERVAL);
        progress.accept(message.get());
    }
}
