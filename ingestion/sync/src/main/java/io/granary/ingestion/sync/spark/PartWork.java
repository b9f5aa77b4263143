package io.granary.ingestion.sync.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.engine.PartTask;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.row.RowPart;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** One part of a job as a Spark task: part and report travel as JSON. */
final class PartWork implements Function<String, String> {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = new JsonMapper();

    private final String job;
    private final ProfileSource profile;
    private final SerializableConfiguration hadoop;
    private final Kind kind;

    /** What becomes of a part. */
    enum Kind {
        /** Committed by itself. */
        LOADED,
        /** Written, and no data before the whole job is committed. */
        STAGED,
        /** The same, and a later attempt may take it up. */
        STAGED_TO_GO_ON
    }

    /**
     * What a task is given.
     *
     * @param earlier its report, when an earlier attempt has staged it; else null
     */
    private record Order(RowPart part, PartReport earlier) {}

    PartWork(String job, ProfileSource profile, SerializableConfiguration hadoop, Kind kind) {
        this.job = job;
        this.profile = profile;
        this.hadoop = hadoop;
        this.kind = kind;
    }

    @Override
    public String call(String json) {
        PartTask task = new PartTask(DataxJson.read(job, "job"), profile.load(), hadoop.value(), null);
        Order order = read(json, Order.class);
        return write(
                switch (kind) {
                    case LOADED -> task.load(order.part());
                    case STAGED -> task.stage(order.part());
                    case STAGED_TO_GO_ON -> task.stage(order.part(), PartLog.of(order.earlier()));
                });
    }

    static String write(RowPart part, Optional<PartReport> earlier) {
        return write(new Order(part, earlier.orElse(null)));
    }

    private static String write(Object value) {
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
