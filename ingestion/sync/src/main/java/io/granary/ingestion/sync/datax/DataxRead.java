package io.granary.ingestion.sync.datax;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.engine.PartTask;
import io.granary.ingestion.sync.engine.SourceState;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.job.Speed;
import io.granary.ingestion.sync.orc.OrcTypes;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.TypeDescription;

/**
 * Database to ORC by DataX: it writes texts into a stage, the native engine makes ORC files of the job's types of them. The
 * source is the same before and after, and what was written adds up to it.
 */
record DataxRead(DataxHome home, Profile profile, Configuration hadoop, Path dirtyRows) {
    JobReport run(DataxJob job, RdbmsReader from) {
        SourceState before = SourceState.of(from, profile, "datax");
        if (!before.plain()) {
            throw DataxEngine.refused("querySql, and columns that are expressions");
        }
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < from.connection().size(); i++) {
            connections.add(SourceState.address(from, i, profile));
        }
        List<String> expressions =
                TextColumns.of(from, Dialect.of(connections.get(0).type()), before.columns());
        try (Stage stage = Stage.open(profile.fs(), hadoop)) {
            String json = new DataxJobs(job, hadoop)
                    .read(from, connections, expressions, before.columns().size(), stage);
            DataxCounts counts = run(json, connections);
            ErrorLimit limit = left(job.setting().errorLimit(), counts);
            before.check(SourceState.of(from, profile, "datax"));
            TypeDescription target = OrcTypes.schema(((HdfsWriter) job.writer()).column());
            return typed(job, before.columns().size(), stage, limit, parts -> {
                JobReport report = new JobReport(parts);
                long arrived = report.rows() + report.dirty();
                if (arrived != counts.read() - counts.failed()) {
                    throw new GranaryException(
                            ErrorCode.DATA,
                            "DataX read " + counts.read() + " rows and lost " + counts.failed() + ", but wrote "
                                    + arrived + "; nothing of it is taken");
                }
                before.compare(from, profile, target, report, counts.failed());
            });
        }
    }

    private DataxCounts run(String json, List<Connection> connections) {
        try (JobFile file = JobFile.write(
                json, connections.stream().map(Connection::password).toList())) {
            return new DataxProcess(home, file).run();
        }
    }

    /** How many rows more may be left out. */
    static ErrorLimit left(ErrorLimit limit, DataxCounts counts) {
        if (limit.passedAtEnd(counts.failed(), counts.read())) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "DataX could not write " + counts.failed() + " of " + counts.read() + " rows; errorLimit is "
                            + (limit.record() == null ? "percentage " + limit.percentage() : "record " + limit.record())
                            + ". Its log says why.");
        }
        return limit.record() == null ? limit : ErrorLimit.of(limit.record() - counts.failed());
    }

    /** ORC files of the job's types from texts; {@code check} sees them before anybody else can. */
    private JobReport typed(
            DataxJob job, int columns, Stage stage, ErrorLimit limit, Consumer<List<PartReport>> check) {
        List<ReaderColumn> strings = IntStream.range(0, columns)
                .mapToObj(i -> ReaderColumn.at(i, "string"))
                .toList();
        HdfsReader texts = HdfsReader.orc(stage.fileSystem(), List.of(stage.path() + "/*"), strings);
        DataxJob second =
                DataxJob.of(new DataxJob.Setting(Speed.DEFAULT, limit), texts, ((HdfsWriter) job.writer()).named());
        PartTask task = new PartTask(second, profile, hadoop, dirtyRows);
        List<RowPart> parts = task.cut();
        try {
            List<PartReport> staged = parts.stream().map(task::stage).toList();
            check.accept(staged);
            return task.commit(staged);
        } catch (RuntimeException e) {
            task.discard(parts);
            throw e;
        }
    }
}
