package io.granary.ingestion.sync.datax;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.engine.PartTask;
import io.granary.ingestion.sync.engine.Progress;
import io.granary.ingestion.sync.engine.WorkTable;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.ingestion.sync.row.ReadRows;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.TypeDescription;

/**
 * ORC to MySQL by DataX: the native engine makes texts of the values, DataX loads them into a work table, and the database
 * moves them into the target in one transaction, {@code preSql} and {@code postSql} around them.
 */
record DataxWrite(DataxHome home, Profile profile, Configuration hadoop, Path dirtyRows) {
    JobReport run(DataxJob job, RdbmsWriter to) {
        if (to.kind() != RdbmsKind.MYSQL || !to.writeMode().equals("insert")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "engine datax writes to mysql by writeMode insert; set engine: native for " + to.plugin() + " by "
                            + to.writeMode());
        }
        Connection connection =
                PasswordReference.resolve(to.plugin(), to.password(), to.jdbcUrl(), to.username(), profile);
        try (Stage stage = Stage.open(profile.fs(), hadoop);
                Database database = Database.open(connection)) {
            TargetTable target = TargetTable.of(database, to);
            TypeDescription schema = new PartTask(job, profile, hadoop, null).rows();
            JobReport texts = texts(job, stage, target.columns().size());
            try (WorkTable work = WorkTable.create(database, to, target.textColumns())) {
                DataxCounts counts = load(job, to, connection, work.name(), stage, target);
                long lost = counts.failed();
                if (counts.read() != texts.rows()) {
                    throw new GranaryException(
                            ErrorCode.DATA,
                            "DataX read " + counts.read() + " rows of " + texts.rows() + "; nothing of it is taken");
                }
                long rows = texts.rows() - lost;
                target.check(work.name());
                ReadRows read = new ReadRows(schema, rows, lost == 0 ? texts.read() : Optional.empty());
                work.move(read, target.columns(), target.move());
                RowPart all = new RowPart("00000", to.table(), null, to.table());
                return new JobReport(
                        List.of(new PartReport(all, new RowSums(rows, List.of()), null, null, texts.dirty() + lost)));
            }
        }
    }

    private JobReport texts(DataxJob job, Stage stage, int columns) {
        List<WriterColumn> strings = IntStream.range(0, columns)
                .mapToObj(i -> new WriterColumn("c" + i, "string"))
                .toList();
        DataxJob first = DataxJob.of(
                job.setting(), job.reader(), HdfsWriter.orc(stage.fileSystem(), stage.path(), "part", strings));
        return new NativeEngine(profile, hadoop, dirtyRows, Progress.NONE).run(first, PartLog.NONE);
    }

    private DataxCounts load(
            DataxJob job, RdbmsWriter to, Connection connection, String work, Stage stage, TargetTable target) {
        String json = new DataxJobs(job, hadoop)
                .write(to, connection, work, target.columns().size(), stage);
        try (JobFile file = JobFile.write(json, List.of(connection.password()))) {
            DataxCounts counts = new DataxProcess(home, file).run();
            ErrorLimit limit = job.setting().errorLimit();
            DataxRead.left(limit, counts);
            return counts;
        }
    }
}
