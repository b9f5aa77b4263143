package io.granary.ingestion.sync.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/**
 * {@code job.setting.speed}. In DataX {@code byte} and {@code record} only choose how many channels there are; here they are
 * limits that the whole job keeps.
 *
 * @param channel how many parts are read side by side, or null
 * @param bytes most bytes a second, or null
 * @param record most rows a second, or null
 */
public record Speed(Integer channel, @JsonProperty("byte") Long bytes, Long record) {
    /** One channel without a limit. */
    public static final Speed DEFAULT = Speed.of(1);

    public Speed {
        atLeastOne("channel", channel);
        atLeastOne("byte", bytes);
        atLeastOne("record", record);
        if (channel == null && bytes == null && record == null) {
            channel = 1;
        }
    }

    public static Speed of(int channel) {
        return new Speed(channel, null, null);
    }

    /** The limits of one of so many channels that cannot share them. */
    public Speed share(int channels) {
        return new Speed(
                channel,
                bytes == null ? null : Long.valueOf(Math.max(1, bytes / channels)),
                record == null ? null : Long.valueOf(Math.max(1, record / channels)));
    }

    int channels(Speed perChannel) {
        long found = Long.MAX_VALUE;
        if (bytes != null && perChannel.bytes != null) {
            found = Math.min(found, Math.max(1, bytes / perChannel.bytes));
        }
        if (record != null && perChannel.record != null) {
            found = Math.min(found, Math.max(1, record / perChannel.record));
        }
        if (found == Long.MAX_VALUE) {
            return channel == null ? 1 : channel;
        }
        return (int) Math.min(found, Integer.MAX_VALUE);
    }

    private static void atLeastOne(String key, Number value) {
        if (value != null && value.longValue() < 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "job.setting.speed." + key + " is " + value + "; it is at least 1");
        }
    }
}
