package io.granary.streaming.watch;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What the streaming process has done since it was started, query by query. Counts are kept in memory only: a restart
 * begins at zero, as Prometheus expects of counters. Safe for use from several threads.
 */
public final class StreamMetrics {
    private final Map<String, QueryMetrics> queries = new ConcurrentSkipListMap<>();

    /** The one place where query {@code name} ({@code <subject>.<source>}) is told of; made on the first call. */
    public QueryMetrics query(String name) {
        return queries.computeIfAbsent(name, QueryMetrics::new);
    }

    /** All queries, by name. */
    public Collection<QueryMetrics> queries() {
        return Collections.unmodifiableCollection(queries.values());
    }
}
