package io.granary.ingestion.flume;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/** What is known of every file generation: positions by id, and which file each of them was last seen in. */
final class Generations {
    /** Positions of files that are gone are kept, so that a file that comes back is not sent again; but not for ever. */
    static final int GONE_KEPT = 1000;

    private final int partitions;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private final Map<Inode, Set<String>> byInode = new HashMap<>();
    private final Map<String, Set<String>> byHash = new HashMap<>();
    private final Map<String, Position> ended = new LinkedHashMap<>();
    private final int[] live;
    private int gone;
    private boolean changed;

    Generations(Map<String, Position> saved, int partitions) {
        this.partitions = partitions;
        this.live = new int[partitions];
        saved.forEach((id, position) -> {
            if (position.partition() < partitions) {
                put(id, position);
            }
        });
        saved.forEach((id, position) -> {
            if (position.partition() >= partitions) {
                put(id, position.on(partition(id)));
            }
        });
    }

    /** Every position, of files that are gone too, the longest unchanged of those first. */
    Map<String, Position> positions() {
        return positions;
    }

    Position get(String id) {
        return positions.get(id);
    }

    boolean has(String id) {
        return positions.containsKey(id);
    }

    /** Whether positions changed since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Generations that ended since the last call, with where they ended. */
    Map<String, Position> takeEnded() {
        Map<String, Position> taken = new LinkedHashMap<>(ended);
        ended.clear();
        return taken;
    }

    void put(String id, Position position) {
        Position before = positions.put(id, position);
        if (position.equals(before)) {
            return;
        }
        if (before != null) {
            count(before, -1);
            index(id, before, false);
        }
        count(position, 1);
        index(id, position, true);
        changed = true;
    }

    /** A file is no longer there, or was cut: what is known of it is kept for a while. */
    void end(String id, Position position) {
        remove(id);
        put(id, position.left());
        if (position.copyOf() == null) {
            ended.put(id, position);
        }
        dropOldest();
    }

    void remove(String id) {
        Position before = positions.remove(id);
        if (before != null) {
            count(before, -1);
            index(id, before, false);
            changed = true;
        }
    }

    /** The newest generation that was last seen in this file and begins so. */
    Optional<String> latest(Inode inode, String hash) {
        String found = null;
        int highest = 0;
        for (String id : byInode.getOrDefault(inode, Set.of())) {
            GenerationId parsed = GenerationId.parse(id).orElseThrow();
            if (parsed.hash().equals(hash) && parsed.number() >= highest) {
                highest = parsed.number();
                found = id;
            }
        }
        return Optional.ofNullable(found);
    }

    /** An id that no generation has yet. */
    String unused(Inode inode, String hash) {
        GenerationId id = new GenerationId(inode, hash, 1);
        while (positions.containsKey(id.toString())) {
            id = id.next();
        }
        return id.toString();
    }

    /** What is known of a file as a copy of another one's generation. */
    Optional<String> copyIn(Inode inode) {
        return byInode.getOrDefault(inode, Set.of()).stream()
                .filter(id -> positions.get(id).copyOf() != null)
                .findFirst();
    }

    /** Notes that a file is, as long as it is so long, a copy of a generation that begins so. */
    void copied(Inode inode, Path path, String hash, String of, long size) {
        String id = copyIn(inode).orElseGet(() -> unused(inode, hash));
        put(id, Position.start(path, 0).copy(of, size));
    }

    boolean isCopied(String id) {
        return positions.values().stream().anyMatch(p -> id.equals(p.copyOf()));
    }

    /** Generations that begin so, in the order in which they became known. */
    List<String> beginning(String hash) {
        return List.copyOf(byHash.getOrDefault(hash, Set.of()));
    }

    /** Generations that were last seen in this file. */
    List<String> in(Inode inode) {
        return List.copyOf(byInode.getOrDefault(inode, Set.of()));
    }

    /** Where a generation was last seen. */
    static Optional<Inode> inode(String id, Position position) {
        return position.inode() != null
                ? Optional.of(position.inode())
                : GenerationId.parse(id).map(GenerationId::inode);
    }

    /** A position for a file that is new: in the partition with the fewest live files. */
    Position start(String id, Path path) {
        return Position.start(path, partition(id));
    }

    /** Positions of an earlier start of this process: none may go backwards. */
    void keepNewer(Collection<Map.Entry<String, Position>> known) {
        for (Map.Entry<String, Position> entry : known) {
            Position loaded = positions.get(entry.getKey());
            if (loaded == null || loaded.offset() < entry.getValue().offset()) {
                put(entry.getKey(), entry.getValue());
            }
        }
    }

    /** The partition with the fewest live files; among equals the first one from the id's hash on. */
    private int partition(String id) {
        CRC32 hash = new CRC32();
        hash.update(id.getBytes(StandardCharsets.UTF_8));
        int first = (int) (hash.getValue() % partitions);
        int best = first;
        for (int i = 1; i < partitions; i++) {
            int candidate = (first + i) % partitions;
            if (live[candidate] < live[best]) {
                best = candidate;
            }
        }
        return best;
    }

    private void count(Position position, int by) {
        if (position.gone()) {
            gone += by;
        } else if (position.copyOf() == null) {
            live[position.partition()] += by;
        }
    }

    private void index(String id, Position position, boolean add) {
        Optional<GenerationId> parsed = GenerationId.parse(id);
        if (parsed.isEmpty()) {
            return;
        }
        edit(byInode, inode(id, position).orElseThrow(), id, add);
        if (position.copyOf() == null) {
            edit(byHash, parsed.get().hash(), id, add);
        }
    }

    private static <K> void edit(Map<K, Set<String>> index, K key, String id, boolean add) {
        if (add) {
            index.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(id);
            return;
        }
        Set<String> ids = index.get(key);
        if (ids != null && ids.remove(id) && ids.isEmpty()) {
            index.remove(key);
        }
    }

    private void dropOldest() {
        if (gone <= GONE_KEPT + GONE_KEPT / 10) {
            return;
        }
        List<String> oldest = new ArrayList<>();
        int excess = gone - GONE_KEPT;
        for (Map.Entry<String, Position> entry : positions.entrySet()) {
            if (entry.getValue().gone() && oldest.size() < excess) {
                oldest.add(entry.getKey());
            }
        }
        oldest.forEach(this::remove);
    }
}
