package io.granary.streaming;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.replay.Definitions;
import io.granary.streaming.replay.RemovedQueries;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** The project's counters against those that the job counted when it ran before. */
record ChangedProject(Profile profile, Configuration hadoop, List<StreamQuery> queries) {
    /**
     * Removes the queries that are gone; what is new or gone in the others, each of them does when it starts.
     *
     * @throws GranaryException when a counter has changed in a way that a person has to decide about
     */
    void take(RedisNodes redis, RedisRetry retry) {
        Set<String> names = queries.stream().map(StreamQuery::name).collect(Collectors.toSet());
        Set<String> counted =
                queries.stream().flatMap(q -> q.counterNames().stream()).collect(Collectors.toSet());
        String any = profile.streaming().checkpoint(profile.fs(), "x");
        RemovedQueries removed = new RemovedQueries(any.substring(0, any.length() - 2), hadoop, redis, retry);
        Map<String, Long> ofRemoved = removed.counters(names);
        for (StreamQuery query : queries) {
            Definitions definitions = definitions(query);
            definitions.check();
            Map<String, Long> elsewhere = new TreeMap<>(ofRemoved);
            queries.stream()
                    .filter(q -> q != query)
                    .forEach(q -> elsewhere.putAll(definitions(q).gone()));
            definitions.checkMoved(elsewhere);
        }
        for (StreamQuery query : queries) {
            Set<String> moved = new TreeSet<>(counted);
            query.counterNames().forEach(moved::remove);
            definitions(query).leave(moved);
        }
        removed.remove(names, counted);
    }

    private Definitions definitions(StreamQuery query) {
        return new Definitions(
                query, new Checkpoint(profile.streaming().checkpoint(profile.fs(), query.name()), hadoop));
    }
}
