package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/**
 * {@code core} of a job: what it sets in place of DataX's {@code conf/core.json}. Those keys are taken that mean something
 * here; sizes of DataX's queues, its classes and its server's addresses are refused.
 *
 * @param container {@code job.sleepInterval} and {@code job.reportInterval}: for an installed DataX; the native engine checks
 *     its limits with every batch
 * @param transport {@code channel.speed}: limits of one channel, which choose how many channels a limited job has
 * @param statistics {@code collector.plugin.maxDirtyNumber}: how many dirty rows are shown in the log; all are kept in the
 *     dirty file
 */
public record Core(Container container, Transport transport, Statistics statistics) {
    /** Nothing is set. */
    public static final Core DEFAULT = new Core(null, null, null);

    private static final int SHOWN = 10;

    /** Limits of one channel; null where there is none. */
    Speed perChannel() {
        ChannelSpeed speed = transport == null || transport.channel() == null
                ? null
                : transport.channel().speed();
        Long bytes = speed == null || speed.bytes() < 0 ? null : Long.valueOf(speed.bytes());
        Long record = speed == null || speed.record() < 0 ? null : Long.valueOf(speed.record());
        return new Speed(null, bytes, record);
    }

    /** How many dirty rows the log shows. */
    public int dirtyRowsShown() {
        return statistics == null || statistics.collector() == null
                ? SHOWN
                : statistics.collector().plugin().maxDirtyNumber();
    }

    /** {@code core.container}. */
    public record Container(JobContainer job) {}

    /** Intervals in milliseconds at which an installed DataX checks and reports; null: DataX's own. */
    public record JobContainer(Long sleepInterval, Long reportInterval) {}

    /** {@code core.transport}. */
    public record Transport(Channel channel) {}

    /** {@code core.transport.channel}. */
    public record Channel(ChannelSpeed speed) {}

    /** Limits of one channel a second; -1 (as in DataX's core.json) and null are none. */
    public record ChannelSpeed(
            @com.fasterxml.jackson.annotation.JsonProperty("byte")
            Long bytes,

            Long record) {
        public ChannelSpeed {
            bytes = limit("byte", bytes);
            record = limit("record", record);
        }

        private static Long limit(String key, Long value) {
            if (value != null && value != -1 && value < 1) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "core.transport.channel.speed." + key + " is " + value + "; it is at least 1, or -1 for none");
            }
            return value == null ? Long.valueOf(-1) : value;
        }
    }

    /** {@code core.statistics}. */
    public record Statistics(Collector collector) {}

    /** {@code core.statistics.collector}. */
    public record Collector(Plugin plugin) {}

    /** {@code core.statistics.collector.plugin}. */
    public record Plugin(Integer maxDirtyNumber) {}
}
