package io.granary.ingestion.flume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.flume.Event;

/**
 * Says how far each file has been read and acknowledged: the files whose position changed since the last heartbeat, and
 * once a minute all. When they are many they come in several records, of which only the last one has the time up to
 * which all is said.
 */
final class Heartbeats {
    private static final Duration ALL = Duration.ofMinutes(1);
    private static final int FILES_A_RECORD = 2000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is said of a file. */
    private record Entry(long end, long lines, boolean inbox, boolean finished) {}

    /** Records that are not acknowledged yet, and what is known when they are. */
    record Beat(List<Event> events, Map<String, Position> ended, boolean all, Instant at) {}

    private final TailSettings settings;
    private final Records records;
    private final long agent;
    private final Map<String, Entry> said = new HashMap<>();
    private final Map<String, Position> ended = new LinkedHashMap<>();
    private long sequence;
    private long collectedAt = -1;
    private Instant allAt;
    private Instant beatAt;

    /** @param agent id of this run of the agent */
    Heartbeats(TailSettings settings, Records records, long agent) {
        this.settings = settings;
        this.records = records;
        this.agent = agent;
    }

    boolean isDue(Instant now) {
        return beatAt == null || now.isBefore(beatAt) || !now.isBefore(beatAt.plus(settings.heartbeat()));
    }

    /** These generations ended: each is said once more. */
    void ended(Map<String, Position> generations) {
        ended.putAll(generations);
    }

    /**
     * The records of a heartbeat.
     *
     * @param stopped it is the last one of an orderly stop
     * @param time {@code collected_at}, milliseconds since 1970
     */
    Beat beat(List<Tail> files, boolean stopped, long time, Instant now) {
        boolean all = allAt == null || now.isBefore(allAt) || !now.isBefore(allAt.plus(ALL));
        Map<String, Entry> entries = new LinkedHashMap<>();
        ended.forEach((id, position) -> entries.put(id, entry(id, position, true)));
        for (Tail tail : files) {
            Entry entry = entry(tail.file(), tail.position(), tail.isDone(now, settings.close()));
            if (all && !entry.finished() || !entry.equals(said.get(tail.file()))) {
                entries.put(tail.file(), entry);
            }
        }
        List<Event> events = new ArrayList<>();
        List<String> ids = List.copyOf(entries.keySet());
        int from = 0;
        do {
            int to = Math.min(ids.size(), from + FILES_A_RECORD);
            boolean last = to == ids.size();
            long at = last || collectedAt < 0 ? time : collectedAt;
            byte[] body = body(stopped && last, ids.subList(from, to), entries);
            events.add(records.heartbeat(agent, sequence + events.size() + 1, partition(), body, at));
            from = to;
        } while (from < ids.size());
        said.putAll(entries);
        return new Beat(events, Map.copyOf(ended), all, now);
    }

    /** The channel has taken it. */
    void sent(Beat beat, long time) {
        sequence += beat.events().size();
        collectedAt = time;
        beatAt = beat.at();
        if (beat.all()) {
            allAt = beat.at();
        }
        beat.ended().keySet().forEach(id -> {
            ended.remove(id);
            said.remove(id);
        });
    }

    /** The channel has not taken it: all is said again. */
    void failed() {
        said.clear();
    }

    private static Entry entry(String id, Position position, boolean finished) {
        boolean inbox = GenerationId.parse(id).isEmpty();
        return new Entry(position.offset(), position.lines(), inbox, finished);
    }

    private static byte[] body(boolean stopped, List<String> ids, Map<String, Entry> entries) {
        ObjectNode root = JSON.createObjectNode().put("version", 1).put("state", stopped ? "stopped" : "running");
        ArrayNode files = root.putArray("files");
        for (String id : ids) {
            Entry entry = entries.get(id);
            ObjectNode file = files.addObject();
            if (entry.inbox()) {
                file.put("host", Records.INBOX);
            }
            file.put("file", id).put("end", entry.end()).put("lines", entry.lines());
            if (entry.finished()) {
                file.put("finished", true);
            }
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts can be written", e);
        }
    }

    /** All heartbeats of a host are in one partition. */
    private int partition() {
        CRC32 hash = new CRC32();
        hash.update(settings.host().getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % settings.partitions());
    }
}
