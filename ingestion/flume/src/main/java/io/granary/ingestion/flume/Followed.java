package io.granary.ingestion.flume;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that are followed, the one served longest ago first, by where they are and by generation. */
final class Followed {
    private final Map<Object, Tail> tails = new LinkedHashMap<>();
    private final Map<String, Tail> byId = new HashMap<>();

    List<Tail> all() {
        return List.copyOf(tails.values());
    }

    Optional<Tail> at(Object key) {
        return Optional.ofNullable(tails.get(key));
    }

    /** The file that a generation is read from now. */
    Optional<Tail> reading(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    void add(Tail tail) {
        tails.put(key(tail), tail);
    }

    /** A file has got its id. */
    void named(Tail tail) {
        byId.put(tail.file(), tail);
    }

    /** A file ends to be the one that a generation is read from. */
    void unnamed(Tail tail) {
        if (tail.file() != null) {
            byId.remove(tail.file(), tail);
        }
    }

    void remove(Tail tail) {
        tails.remove(key(tail), tail);
        unnamed(tail);
    }

    /** Puts a file behind the others. */
    void served(Tail tail) {
        Object key = key(tail);
        if (tails.remove(key, tail)) {
            tails.put(key, tail);
        }
    }

    void closeAll() throws IOException {
        for (Tail tail : tails.values()) {
            tail.close();
        }
    }

    private static Object key(Tail tail) {
        if (tail.spool().isPresent()) {
            return tail.spool().get().packed();
        }
        return tail.files().isByName() ? FileSet.nameOf(tail.path()) : tail.inode();
    }
}
