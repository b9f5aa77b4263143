package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.RedisWriter;
import io.granary.ingestion.sync.redis.PipelinedHashes;
import io.granary.ingestion.sync.redis.RedisAddress;
import io.granary.ingestion.sync.redis.RedisRowWriter;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.RedisTarget;
import io.granary.warehouse.redis.AttributeVersion;
import io.granary.warehouse.redis.Attributes;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** Makes a day the attributes of all users (or of other things) in Redis; readers are switched to it at once. */
final class RedisExport {
    /** A batch of the engine in one round trip. */
    private static final int BATCH = 1024;

    private final Profile profile;
    private final ToLongFunction<DataxJob> engine;

    /** @param engine runs a job and returns the rows it has written */
    RedisExport(Profile profile, ToLongFunction<DataxJob> engine) {
        this.profile = profile;
        this.engine = engine;
    }

    JobRun.Outcome run(ExportedDay day, boolean force) {
        RedisTarget target = day.export().redis();
        String place = "redis g:" + target.prefix() + ":*";
        if (!force && isThere(day, target.prefix())) {
            return day.alreadyThere(place);
        }
        return day.outcome(engine.applyAsLong(job(day)), place, List.of());
    }

    private boolean isThere(ExportedDay day, String prefix) {
        try (UnifiedJedis redis = RedisAddress.open(profile)) {
            Optional<AttributeVersion> current = new Attributes(new PipelinedHashes(redis), prefix).current();
            boolean isThere = current.flatMap(c -> ExportedVersion.parse(c.label()))
                    .filter(there -> day.version().isThere(there))
                    .isPresent();
            if (isThere) {
                RedisRowWriter.tidy(redis, prefix);
            }
            return isThere;
        } catch (JedisException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "export " + day.export().id() + ": cannot reach Redis: " + e.getMessage()
                            + ". See `granary status`, or the value of `redis` in the profile.",
                    e);
        }
    }

    DataxJob job(ExportedDay day) {
        RedisTarget target = day.export().redis();
        return DataxJob.of(
                day.reader(profile.fs(), false),
                new RedisWriter(
                        RedisAddress.of(profile),
                        null,
                        target.prefix(),
                        target.id(),
                        day.columns(),
                        day.version().label(),
                        BATCH));
    }
}
