package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries that the project no longer has, but of which there are checkpoints.
 *
 * @param root the folder of the checkpoints, one a query
 */
public record RemovedQueries(String root, Configuration hadoop, RedisNodes redis, RedisRetry retry) {
    private static final Logger LOG = LoggerFactory.getLogger(RemovedQueries.class);

    /**
     * What they have counted.
     *
     * @param kept names of the queries that the project has
     * @return by counter, since when, epoch milliseconds; 0: nobody knows
     */
    public Map<String, Long> counters(Collection<String> kept) {
        Map<String, Long> counters = new TreeMap<>();
        each(
                kept,
                (folder, files) -> book(folder).ifPresent(book -> {
                    book.removed().forEach(name -> counters.put(name, 0L));
                    book.counters().forEach((name, start) -> counters.put(name, start.begin()));
                }));
        return counters;
    }

    /**
     * Removes their counters' keys, their own, and then the checkpoint; one that died on the way is found again.
     *
     * @param kept names of the queries that the project has
     * @param counted names of all its counters; their keys stay
     */
    public void remove(Collection<String> kept, Collection<String> counted) {
        each(kept, (folder, files) -> remove(folder.getName(), folder, files, counted));
    }

    private interface Found {
        void at(Path folder, FileSystem files) throws IOException;
    }

    private void each(Collection<String> kept, Found removed) {
        Path folder = new Path(root);
        try (FileSystem files = FileSystem.newInstance(folder.toUri(), hadoop)) {
            for (FileStatus found : files.exists(folder) ? files.listStatus(folder) : new FileStatus[0]) {
                if (found.isDirectory() && !kept.contains(found.getPath().getName())) {
                    removed.at(found.getPath(), files);
                }
            }
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot clean the checkpoints in " + root + ": " + e.getMessage(), e);
        }
    }

    private Optional<CounterBook> book(Path folder) {
        return new Checkpoint(folder.toString(), hadoop).value(CounterBook.FILE, CounterBook.class);
    }

    private void remove(String query, Path folder, FileSystem files, Collection<String> counted) throws IOException {
        Optional<CounterBook> book = book(folder);
        if (book.isEmpty()) {
            LOG.warn("{} is no checkpoint of a query of this project, or of an earlier Granary; it stays", folder);
            return;
        }
        List<String> names = new ArrayList<>(book.get().names());
        names.removeAll(counted);
        LOG.info("the project no longer has the query {}: the keys of {} and {} are removed", query, names, folder);
        new CounterStore(query, new Checkpoint(folder.toString(), hadoop), redis, retry, Clock.systemUTC()).wipe(names);
        List<String> own = new ArrayList<>(
                List.of(RedisKeys.asOf(query), RedisKeys.alive(query), RedisKeys.ended(query), RedisKeys.epoch(query)));
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            own.add(RedisKeys.fence(shard, query));
        }
        // one by one, for they are in many slots of a cluster
        own.forEach(key -> retry.call(() -> redis.commands().del(key)));
        files.delete(folder, true);
    }
}
