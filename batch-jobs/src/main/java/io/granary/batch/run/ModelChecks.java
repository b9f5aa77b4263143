package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import java.util.List;
import java.util.Set;

/** What stands between written rows and their publication. */
@FunctionalInterface
public interface ModelChecks {
    /** Publishes whatever was written: {@code granary run}. */
    ModelChecks NONE = (model, staging, interval, session) -> List.of();

    /**
     * Looks at the rows of a version that nobody sees yet.
     *
     * @param staging its table holds the rows, by the partitions of the interval
     * @param interval the partitions about to be published; one without entries for a table without partitions
     * @param session of the caller, idle
     * @return warnings for people to read; they do not prevent publication
     * @throws io.granary.warehouse.error.GranaryException to refuse publication; the message says which check failed
     */
    List<String> check(ModelNode model, Staging staging, Set<PartitionSpec> interval, SqlSession session);

    /** What the run results say of each check so far. */
    default List<RunResults.Result> results() {
        return List.of();
    }
}
