package io.granary.ingestion.sync.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.engine.PartTask;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.row.RowPart;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** One part of a job as a Spark task: part and report travel as JSON. */
final class PartWork implements Function<String, String> {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = new JsonMapper();

    private final String job;
    private final ProfileSource profile;
    private final SerializableConfiguration hadoop;
    private final boolean commits;

    /** @param commits whether each part is committed by itself; else it is staged */
    PartWork(String job, ProfileSource profile, SerializableConfiguration hadoop, boolean commits) {
        this.job = job;
        this.profile = profile;
        this.hadoop = hadoop;
        this.commits = commits;
    }

    @Override
    public String call(String part) {
        PartTask task = new PartTask(DataxJson.read(job, "job"), profile.load(), hadoop.value(), null);
        RowPart read = read(part, RowPart.class);
        return write(commits ? task.load(read) : task.stage(read));
    }

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a part cannot be written as JSON", e);
        }
    }

    static PartReport report(String json) {
        return read(json, PartReport.class);
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no part: " + json, e);
        }
    }
}
