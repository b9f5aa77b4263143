package io.granary.ingestion.sync.spark;

import io.granary.ingestion.sync.engine.Channels;
import io.granary.ingestion.sync.engine.Engine;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.engine.PartTask;
import io.granary.ingestion.sync.engine.SourceState;
import io.granary.ingestion.sync.engine.WorkTable;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.orc.OrcTypes;
import io.granary.ingestion.sync.row.ReadRows;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.TypeDescription;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Runs the parts of a job as tasks of a Spark application, each by the native engine's own reader and writer, so that the rows
 * are the same to the last digit. The driver cuts, compares and commits.
 *
 * <p>Sessions on several machines share a snapshot only where the database exports one (PostgreSQL). Elsewhere the tables'
 * checksums before and after must be the same, and those of queries; what changed meanwhile fails the job.
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

    @Override
    public JobReport run(DataxJob job, PartLog log) {
        if (job.reader() instanceof RdbmsReader from && job.writer() instanceof HdfsWriter to) {
            boolean exports =
                    from.kind() == RdbmsKind.POSTGRESQL && from.connection().size() == 1;
            return exports
                    ? readExported(with(job, from, to.named()), from, log)
                    : readReconciled(with(job, from, to.named()), from, log);
        }
        if (job.reader() instanceof HdfsReader from && job.writer() instanceof HdfsWriter to) {
            return stage(with(job, from, to.named()), log, staged -> {});
        }
        if (job.reader() instanceof HdfsReader && job.writer() instanceof RdbmsWriter to) {
            return write(job, to);
        }
        throw new GranaryException(
                ErrorCode.DEFINITION,
                "engine spark does not run " + job.reader().plugin() + " to "
                        + job.writer().plugin() + ". Use engine native.");
    }

    private static DataxJob with(DataxJob job, DataxJob.Reader reader, DataxJob.Writer writer) {
        return new DataxJob(
                job.core(), job.setting(), List.of(new DataxJob.Content(reader, writer, job.transformers())));
    }

    /** All tasks see what the driver's session sees, which is open until they have ended. */
    private JobReport readExported(DataxJob job, RdbmsReader from, PartLog log) {
        try (Database exporter = Database.open(SourceState.address(from, 0, profile))) {
            exporter.beginSnapshot();
            String exported = exporter.value(exporter.dialect().exportSnapshot().orElseThrow());
            return stage(with(job, from.inSnapshot(exported), job.writer()), log, staged -> {});
        }
    }

    private JobReport readReconciled(DataxJob job, RdbmsReader from, PartLog log) {
        SourceState before = SourceState.of(from, profile, "spark");
        return stage(job, log, staged -> {
            before.check(SourceState.of(from, profile, "spark"));
            if (job.transformers().isEmpty()) {
                TypeDescription target = OrcTypes.schema(((HdfsWriter) job.writer()).column());
                before.compare(from, profile, target, new JobReport(staged), 0);
            }
        });
    }

    /**
     * What an earlier attempt has staged stays, where the source shows the same rows in the view of the task that looks. On
     * databases whose sessions share no view, the whole source is the same before and after, so all views are one.
     */
    private JobReport stage(DataxJob job, PartLog log, Consumer<List<PartReport>> check) {
        PartTask task = new PartTask(job, profile, hadoop, null);
        List<RowPart> parts = log.parts();
        if (parts.isEmpty()) {
            parts = task.cut();
            log.parts(parts);
        }
        try {
            List<PartReport> staged = tasks(job, parts, log, false);
            check.accept(staged);
            return task.commit(staged);
        } catch (RuntimeException e) {
            if (log == PartLog.NONE) {
                task.discard(parts);
            }
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
                JobReport report = task.judged(tasks(filled, task.cut(), PartLog.NONE, true));
                Optional<RowSums> sums = job.transformers().isEmpty() ? report.read() : Optional.empty();
                String names = columns.equals("*") ? "" : " (" + columns + ")";
                work.move(
                        new ReadRows(task.rows(), report.rows(), sums),
                        targets(database, to),
                        "INSERT INTO " + database.dialect().table(to.table()) + names + " SELECT " + columns);
                return report;
            }
        }
    }

    private static List<DatabaseColumn> targets(Database database, RdbmsWriter to) {
        return to.column().equals(List.of("*"))
                ? database.columns(to.table())
                : database.columns(to.table(), to.column());
    }

    /** Each channel runs one part after the other as a task of its own, with its share of the speed. */
    private List<PartReport> tasks(DataxJob job, List<RowPart> parts, PartLog log, boolean commits) {
        int channels = Math.max(1, Math.min(job.channels(), parts.size()));
        DataxJob.Setting share = new DataxJob.Setting(
                job.setting().speed().share(channels), job.setting().errorLimit());
        String each = DataxJson.write(new DataxJob(job.core(), share, job.content()));
        PartWork.Kind kind = commits
                ? PartWork.Kind.LOADED
                : log == PartLog.NONE ? PartWork.Kind.STAGED : PartWork.Kind.STAGED_TO_GO_ON;
        PartWork work = new PartWork(each, source, new SerializableConfiguration(hadoop), kind);
        String group = "granary-job-" + UUID.randomUUID();
        List<Callable<PartReport>> all = parts.stream()
                .<Callable<PartReport>>map(part -> () -> task(work, part, log, group))
                .toList();
        return Channels.run(channels, all, () -> spark.sparkContext().cancelJobGroup(group));
    }

    private PartReport task(PartWork work, RowPart part, PartLog log, String group) {
        Optional<PartReport> earlier = log.finished(part);
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
        context.setJobGroup(group, part.what(), true);
        PartReport report;
        try {
            report = PartWork.report(context.parallelize(List.of(PartWork.write(part, earlier)), 1)
                    .map(work)
                    .collect()
                    .get(0));
        } catch (RuntimeException e) {
            throw failure(e);
        } catch (Exception e) {
            // Scala throws it undeclared
            throw e instanceof SparkException ? failure(e) : new IllegalStateException(e);
        } finally {
            context.clearJobGroup();
        }
        if (!earlier.equals(Optional.of(report))) {
            log.finish(report);
        }
        return report;
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
