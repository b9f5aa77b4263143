package io.granary.cli.retire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;

/**
 * What a subject has in the stores, by name: enough to find it when its definition is gone.
 *
 * @param keys patterns of its keys in Redis, in which {@code *} stands for anything
 * @param queries streams that are its own: their checkpoints and marks go with it
 * @param folders of the file system, beside those of the tables
 * @param topics in Kafka
 */
record Holdings(
        List<HeldTable> tables,
        List<ShareTable> shareTables,
        List<String> keys,
        List<String> queries,
        List<String> folders,
        List<String> topics) {

    Holdings {
        tables = List.copyOf(tables);
        shareTables = List.copyOf(shareTables);
        keys = List.copyOf(keys);
        queries = List.copyOf(queries);
        folders = List.copyOf(folders);
        topics = List.copyOf(topics);
    }

    /**
     * A table of the warehouse.
     *
     * @param from where its readers find it
     * @param to its name in quarantine
     * @param partitions how many there were when it went into quarantine; null before, and when there was no such table
     * @param digest of the locations of its data then
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HeldTable(String from, String to, Integer partitions, String digest) {}

    /**
     * A table of the sharing layer.
     *
     * @param export id of the export that writes it
     */
    record ShareTable(String connection, String from, String to, String export) {}

    Holdings withTables(List<HeldTable> looked) {
        return new Holdings(looked, shareTables, keys, queries, folders, topics);
    }

    /** Components that work for the subject while they run, and learn of its absence when they start. */
    List<String> components() {
        List<String> components = new ArrayList<>();
        if (!topics.isEmpty()) {
            components.add("flume");
        }
        if (!keys.isEmpty()) {
            components.add("streaming");
        }
        return components;
    }
}
