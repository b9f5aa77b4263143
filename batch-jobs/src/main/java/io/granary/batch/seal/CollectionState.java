package io.granary.batch.seal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known about a source's collection after a seal.
 *
 * @param hosts by name, what they reported last
 * @param heartbeats by path (without {@code .tmp}), how far each heartbeat file was read
 * @param claims what agents say they have read and has not landed
 * @param missing lines that are counted as missing
 * @param hours those that are not complete, and those that have changed
 */
record CollectionState(
        Map<String, Host> hosts,
        Map<String, Long> heartbeats,
        List<Claim> claims,
        List<MissingLines> missing,
        Map<CollectedHour, Hour> hours) {
    /** So many bytes of heartbeats are read again rather than a record is written. */
    private static final long UNSAVED_HEARTBEATS = 1024 * 1024;

    static final CollectionState EMPTY = new CollectionState(Map.of(), Map.of(), List.of(), List.of(), Map.of());

    CollectionState {
        hosts = Map.copyOf(new TreeMap<>(hosts));
        heartbeats = Map.copyOf(heartbeats);
        claims = List.copyOf(claims);
        missing = List.copyOf(missing);
        hours = new TreeMap<>(hours);
    }

    /** What was heard, on top of what a seal that ended meanwhile knows. */
    CollectionState onTopOf(CollectionState sealed) {
        return new CollectionState(hosts, heartbeats, claims, sealed.missing, sealed.hours);
    }

    /** Whether the next seal should know this even if no line came. */
    boolean isNews(SealHistory history) {
        boolean hoursChanged = hours.entrySet().stream()
                .anyMatch(e -> history.hours().get(e.getKey()) == null
                        || history.hours().get(e.getKey()).state()
                                != e.getValue().state());
        long read = heartbeats.values().stream().mapToLong(Long::longValue).sum();
        long readBefore = history.collection().heartbeats().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return hoursChanged || read - readBefore > UNSAVED_HEARTBEATS;
    }

    /**
     * An agent as it reported last.
     *
     * @param agent id of the agent run, its start in milliseconds since 1970
     * @param since when this run reported first
     * @param at when it reported last, by its own clock
     * @param previousAgent the run that reported under this name before; null when there was none
     * @param stopped it has ended in order: nothing is to be expected of it until it starts again
     */
    record Host(
            String name,
            String agent,
            Instant since,
            String previousAgent,
            long sequence,
            Instant at,
            boolean stopped) {
        static Host first(Heartbeat beat) {
            return new Host(beat.host(), beat.agent(), beat.at(), null, beat.sequence(), beat.at(), beat.stopped());
        }

        /** After one more heartbeat, which may have landed late. */
        Host with(Heartbeat beat) {
            if (!beat.agent().equals(agent)) {
                return beat.at().isBefore(at)
                        ? this
                        : new Host(name, beat.agent(), beat.at(), agent, beat.sequence(), beat.at(), beat.stopped());
            }
            return beat.sequence() < sequence
                    ? this
                    : new Host(name, agent, since, previousAgent, beat.sequence(), beat.at(), beat.stopped());
        }

        boolean reportedBy(Instant time) {
            return stopped || !at.isBefore(time);
        }
    }

    /**
     * What an agent says it has read of a file, by the end of an hour or by now.
     *
     * @param end offset behind the last byte
     * @param lines number of the last line
     */
    record Claim(LogFile file, CollectedHour hour, long end, long lines, Instant at) {}

    /** How complete an hour is. */
    enum State {
        /** More may come. */
        @JsonProperty("open")
        OPEN,
        @JsonProperty("complete")
        COMPLETE,
        /** Closed at its deadline with something missing. */
        @JsonProperty("incomplete")
        INCOMPLETE
    }

    /** @param missing what keeps it from being complete, in words */
    record Hour(State state, List<String> missing) {
        Hour {
            missing = List.copyOf(missing);
        }
    }
}
