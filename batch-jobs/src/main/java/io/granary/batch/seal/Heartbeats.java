package io.granary.batch.seal;

import io.granary.batch.seal.CollectionState.Claim;
import io.granary.batch.seal.CollectionState.Host;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** Reads what agents have reported since an earlier look, from the landing folder of a source. */
record Heartbeats(Landing landing, String source) {
    /** Older ones are not looked for: what they claim, later ones claim too. */
    private static final Duration LOOKED_AT = Duration.ofDays(7);
    /** Two agents that took turns this recently do so still. */
    private static final Duration PRESENT = Duration.ofSeconds(60);

    /**
     * Adds what was reported since.
     *
     * @throws GranaryException when two agents report under one host name at once
     */
    CollectionState read(CollectionState before, Instant now) {
        String firstDay =
                now.minus(LOOKED_AT).atZone(ZoneOffset.UTC).toLocalDate().toString();
        Map<String, Long> positions = new TreeMap<>();
        List<Heartbeat> heard = new ArrayList<>();
        for (LandingFile file : landing.heartbeatFiles(firstDay)) {
            long from = before.heartbeats().getOrDefault(file.finalPath(), 0L);
            boolean finished = !file.temporary() && file.length() <= from;
            positions.put(file.finalPath(), finished ? from : read(file, from, heard));
        }
        heard.sort(Comparator.comparing(Heartbeat::at).thenComparingLong(Heartbeat::sequence));
        return new CollectionState(
                hosts(before.hosts(), heard),
                positions,
                claims(before.claims(), heard),
                before.missing(),
                before.hours());
    }

    private long read(LandingFile file, long from, List<Heartbeat> heard) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AvroBlocks blocks = landing.open(file)) {
            long to = blocks.copy(from, () -> bytes);
            if (to > from) {
                try (DataFileStream<GenericRecord> records = new DataFileStream<>(
                        new ByteArrayInputStream(bytes.toByteArray()), new GenericDatumReader<>())) {
                    records.forEach(r -> heard.add(Heartbeat.of(r, file.path())));
                }
            }
            return to;
        } catch (IOException e) {
            throw Landing.unreachable("read", file.path(), e);
        }
    }

    private Map<String, Host> hosts(Map<String, Host> before, List<Heartbeat> heard) {
        Map<String, Host> hosts = new TreeMap<>(before);
        Map<String, Heartbeat> returned = new HashMap<>();
        for (Heartbeat beat : heard) {
            Host host = hosts.get(beat.host());
            if (host != null
                    && !host.agent().equals(beat.agent())
                    && beat.agent().equals(host.previousAgent())) {
                returned.put(beat.host(), beat);
            }
            hosts.put(beat.host(), host == null ? Host.first(beat) : host.with(beat));
        }
        returned.forEach((name, beat) -> {
            Host host = hosts.get(name);
            if (host.at().isBefore(beat.at().plus(PRESENT))) {
                throw twoAgents(host);
            }
        });
        return hosts;
    }

    private GranaryException twoAgents(Host host) {
        return new GranaryException(
                ErrorCode.DATA,
                source + ": two agents report as host " + host.name() + " at once: one was started at "
                        + started(host.agent()) + " (agent " + host.agent() + "), the other at "
                        + started(host.previousAgent()) + " (agent " + host.previousAgent() + "). Their files cannot be"
                        + " told apart, so nothing was sealed. Stop one of them, or give it a host name of its own.");
    }

    private static String started(String agent) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(agent)).toString();
        } catch (NumberFormatException e) {
            return "an unknown time";
        }
    }

    /** The furthest claim of each file in each hour. */
    private static List<Claim> claims(List<Claim> before, List<Heartbeat> heard) {
        Map<LogFile, Map<CollectedHour, Claim>> claims = new TreeMap<>();
        before.forEach(c -> add(claims, c));
        for (Heartbeat beat : heard) {
            CollectedHour hour = new CollectedHour(beat.at());
            beat.files().forEach(f -> add(claims, new Claim(beat.id(f), hour, f.end(), f.lines(), beat.at())));
        }
        return claims.values().stream().flatMap(m -> m.values().stream()).toList();
    }

    private static void add(Map<LogFile, Map<CollectedHour, Claim>> claims, Claim claim) {
        claims.computeIfAbsent(claim.file(), f -> new TreeMap<>())
                .merge(claim.hour(), claim, (a, b) -> a.lines() > b.lines() ? a : b);
    }
}
