package io.granary.warehouse.config;

import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How real-time counting runs: {@code streaming:} of the profile (docs/contracts.md, section 3).
 *
 * @param trigger shortest time from the begin of a batch to the begin of the next; a batch that takes longer is followed
 *     at once
 * @param batchBytes most bytes of Kafka records that a batch takes: what bounds memory while there is a backlog
 * @param checkpoint folder of the checkpoints, absolute on the profile's file system or with a scheme of its own
 * @param partitions into how many parts Spark cuts a shuffle; 0 = as many as the session has cores
 * @param patience how long a batch waits for a Redis or Kafka that is away before its query is started anew
 * @param dimensions how often is looked whether a dimension that a streamed model joins has a newer version
 * @param metrics where {@code /metrics} is served; port 0 is any free one
 */
public record StreamSettings(
        Duration trigger,
        long batchBytes,
        String checkpoint,
        int partitions,
        Duration patience,
        Duration dimensions,
        InetSocketAddress metrics) {
    public static final Set<String> KEYS =
            Set.of("trigger", "batch_mb", "checkpoint", "partitions", "patience", "dimensions", "metrics");

    /** {@link #checkpoint} unless the profile says otherwise. */
    public static final String CHECKPOINTS = "/granary/checkpoints/streaming";

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_MB = 4096;

    /**
     * Reads the settings.
     *
     * @param value of a key of {@link #KEYS}
     * @throws GranaryException when one of them is no such value
     */
    static StreamSettings of(Function<String, Optional<String>> value) {
        return new StreamSettings(
                duration("trigger", value.apply("trigger").orElse("500ms"), Duration.ofMillis(10)),
                number("batch_mb", value.apply("batch_mb").orElse("256"), 1, MOST_MB) * 1024L * 1024L,
                checkpoint(value.apply("checkpoint").orElse(CHECKPOINTS)),
                number("partitions", value.apply("partitions").orElse("0"), 0, 10_000),
                duration("patience", value.apply("patience").orElse("60s"), Duration.ofSeconds(1)),
                duration("dimensions", value.apply("dimensions").orElse("60s"), Duration.ofMillis(100)),
                address(value.apply("metrics").orElse("127.0.0.1:0")));
    }

    /** Folder of a query's checkpoint. */
    public String checkpoint(String fs, String query) {
        String folder = checkpoint.startsWith("/") ? fs.replaceFirst("/+$", "") + checkpoint : checkpoint;
        return folder + "/" + query;
    }

    private static Duration duration(String key, String text, Duration least) {
        Duration found = DurationText.parse("streaming." + key, text);
        if (found.compareTo(least) < 0 || found.compareTo(LONGEST) > 0) {
            throw wrong(key, text, "a time from " + least.toMillis() + "ms to 1h, such as 500ms or 2s");
        }
        return found;
    }

    private static int number(String key, String text, int least, int most) {
        try {
            int found = Integer.parseInt(text);
            if (found >= least && found <= most) {
                return found;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, text, "a number from " + least + " to " + most);
        }
        throw wrong(key, text, "a number from " + least + " to " + most);
    }

    private static String checkpoint(String text) {
        String folder = text.replaceFirst("/+$", "");
        if (!folder.startsWith("/") && !folder.contains(":/")) {
            throw wrong("checkpoint", text, "an absolute folder, such as " + CHECKPOINTS);
        }
        return folder;
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 65_535) {
                return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            throw wrong("metrics", text, "an address and a port, such as 127.0.0.1:9464");
        }
        throw wrong("metrics", text, "an address and a port, such as 127.0.0.1:9464");
    }

    private static GranaryException wrong(String key, String text, String wanted) {
        return new GranaryException(
                ErrorCode.DEFINITION, "streaming." + key + " in the profile is '" + text + "'; write " + wanted + ".");
    }
}
