package io.granary.ingestion.sync.spark;

import io.granary.ingestion.sync.engine.Engine;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.engine.PartTask;
import io.granary.ingestion.sync.engine.SourceState;
import io.granary.ingestion.sync.engine.WorkTable;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Runs the parts of a job as tasks of a Spark application, each by the native engine's own reader and writer, so that the rows
 * are the same to the last digit. The driver cuts, compares and commits.
 *
 * <p>Sessions on several machines share a snapshot only where the database exports one (PostgreSQL). Elsewhere the tables'
 * checksums before and after must be the same; a table that changed meanwhile fails the job.
 */
public final class SparkEngine implements Engine {
    private final SparkSession spark;
    private final ProfileSource source;
    private final Profile profile;
    private final Configuration hadoop;

    public SparkEngine(SparkSession spark, ProfileSource source, Configuration hadoop) {
        this.spark = spark;
        this.source = source;
        this.profile = source.load();
        this.hadoop = hadoop;
    }

    /** Parts of earlier attempts are not taken up: a job runs whole. */
    @Override
    public JobReport run(DataxJob job, PartLog log) {
        if (job.reader() instanceof RdbmsReader from && job.writer() instanceof HdfsWriter to) {
            boolean exports =
                    from.kind() == RdbmsKind.POSTGRESQL && from.connection().size() == 1;
            return exports
                    ? readExported(with(job, from, to.named()), from)
                    : readReconciled(with(job, from, to.named()), from);
        }
        if (job.reader() instanceof HdfsReader && job.writer() instanceof RdbmsWriter to) {
            return write(job, to);
        }
        throw new GranaryException(
                ErrorCode.DEFINITION,
                "engine spark does not run " + job.reader().plugin() + " to "
                        + job.writer().plugin() + ". Set engine: native.");
    }

    private static DataxJob with(DataxJob job, DataxJob.Reader reader, DataxJob.Writer writer) {
        return new DataxJob(
                job.core(), job.setting(), List.of(new DataxJob.Content(reader, writer, job.transformers())));
    }

    /** All tasks see what the driver's session sees, which is open until they have ended. */
    private JobReport readExported(DataxJob job, RdbmsReader from) {
        try (Database exporter = Database.open(SourceState.address(from, 0, profile))) {
            exporter.beginSnapshot();
            String exported = exporter.value(exporter.dialect().exportSnapshot().orElseThrow());
            return stage(with(job, from.inSnapshot(exported), job.writer()), staged -> {});
        }
    }

    private JobReport readReconciled(DataxJob job, RdbmsReader from) {
        SourceState before = SourceState.of(from, profile, "spark");
        return stage(job, staged -> {
            before.check(SourceState.of(from, profile, "spark"));
            if (job.transformers().isEmpty()) {
                before.compare(from, profile, new JobReport(staged), 0);
            }
        });
    }

    private JobReport stage(DataxJob job, Consumer<List<PartReport>> check) {
        PartTask task = new PartTask(job, profile, hadoop, null);
        List<RowPart> parts = task.cut();
        try {
            List<PartReport> staged = tasks(job, parts, false);
            check.accept(staged);
            return task.commit(staged);
        } catch (RuntimeException e) {
            task.discard(parts);
            throw e;
        }
    }

    /** Tasks fill a work table, each part in a transaction of its own; the database moves all rows in one. */
    private JobReport write(DataxJob job, RdbmsWriter to) {
        if (!to.writeMode().equals("insert")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "engine spark writes by writeMode insert; set engine: native for " + to.writeMode());
        }
        Connection connection =
                PasswordReference.resolve(to.plugin(), to.password(), to.jdbcUrl(), to.username(), profile);
        try (Database database = Database.open(connection)) {
            String columns = to.column().equals(List.of("*"))
                    ? "*"
                    : to.column().stream().map(database.dialect()::quoted).collect(Collectors.joining(", "));
            String empty = "AS SELECT " + columns + database.from(to.table(), "1 = 0");
            try (WorkTable work = WorkTable.create(database, to, empty)) {
                DataxJob filled = with(job, job.reader(), to.into(work.name()));
                PartTask task = new PartTask(filled, profile, hadoop, null);
                JobReport report = task.judged(tasks(filled, task.cut(), true));
                String names = columns.equals("*") ? "" : " (" + columns + ")";
                work.move(
                        report.rows(),
                        "INSERT INTO " + database.dialect().table(to.table()) + names + " SELECT " + columns);
                return report;
            }
        }
    }

    private List<PartReport> tasks(DataxJob job, List<RowPart> parts, boolean commits) {
        if (parts.isEmpty()) {
            return List.of();
        }
        // a channel is a task that runs its parts one after the other, with its share of the speed
        int channels = Math.min(job.channels(), parts.size());
        DataxJob.Setting share = new DataxJob.Setting(
                job.setting().speed().share(channels), job.setting().errorLimit());
        String each = DataxJson.write(new DataxJob(job.core(), share, job.content()));
        PartWork work = new PartWork(each, source, new SerializableConfiguration(hadoop), commits);
        try {
            return new JavaSparkContext(spark.sparkContext())
                    .parallelize(parts.stream().map(PartWork::write).toList(), channels).map(work).collect().stream()
                            .map(PartWork::report)
                            .toList();
        } catch (RuntimeException e) {
            throw failure(e);
        } catch (Exception e) {
            // Scala throws it undeclared
            throw e instanceof SparkException ? failure(e) : new IllegalStateException(e);
        }
    }

    /** The task's own reason, without Spark's stack. */
    private static GranaryException failure(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GranaryException reason) {
                return reason;
            }
        }
        return new GranaryException(ErrorCode.EXTERNAL, "a task of the Spark application failed: " + e.getMessage(), e);
    }
}
