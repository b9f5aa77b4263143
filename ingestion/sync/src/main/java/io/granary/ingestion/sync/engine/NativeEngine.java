package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.WriteMode;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.orc.OrcFiles;
import io.granary.ingestion.sync.orc.OrcToRow;
import io.granary.ingestion.sync.orc.OrcTypes;
import io.granary.ingestion.sync.orc.RowToOrc;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;

/**
 * Runs a job in this process: database to ORC files, or ORC files to database. Either way a failure leaves nothing
 * half-done behind that a reader could see. One channel; every row or none.
 */
public final class NativeEngine {
    private static final int BATCH = 1024;

    private final Profile profile;
    private final Configuration hadoop;

    public NativeEngine(Profile profile, Configuration hadoop) {
        this.profile = profile;
        this.hadoop = hadoop;
    }

    /**
     * Runs the job.
     *
     * @return rows written
     * @throws GranaryException when the job asks for what this engine cannot do, or a row cannot be kept
     */
    public long run(DataxJob job) {
        if (job.setting().speed().channel() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.speed.channel is " + job.setting().speed().channel()
                            + "; the native engine reads in one channel, set it to 1");
        }
        if (job.setting().errorLimit().record() != 0) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.errorLimit.record is "
                            + job.setting().errorLimit().record()
                            + "; the native engine leaves no row out, set it to 0");
        }
        if (job.reader() instanceof DataxJob.MysqlReader from && job.writer() instanceof DataxJob.HdfsWriter to) {
            return databaseToOrc(from, to);
        }
        if (job.reader() instanceof DataxJob.HdfsReader from && job.writer() instanceof DataxJob.MysqlWriter to) {
            return orcToDatabase(from, to);
        }
        throw new GranaryException(
                ErrorCode.DEFINITION,
                "the native engine cannot run " + job.reader().plugin() + " to "
                        + job.writer().plugin());
    }

    private long databaseToOrc(DataxJob.MysqlReader from, DataxJob.HdfsWriter to) {
        if (from.column().size() != to.column().size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "mysqlreader has " + from.column().size() + " columns, hdfswriter "
                            + to.column().size());
        }
        try (Database database = Database.open(
                PasswordReference.resolve(from.plugin(), from.password(), from.jdbcUrl(), from.username(), profile))) {
            database.beginSnapshot();
            String rows = database.from(from.table(), from.where());
            long expected = database.number("SELECT count(*)" + rows);
            long written = copy(database, from, to);
            database.execute("COMMIT");
            if (written != expected) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "table " + from.table() + " has " + expected + " rows in the snapshot, " + written
                                + " were written to " + to.path());
            }
            return written;
        }
    }

    private long copy(Database database, DataxJob.MysqlReader from, DataxJob.HdfsWriter to) {
        String select = database.select(from.table(), database.columns(from.table(), from.column()), from.where());
        TypeDescription schema = OrcTypes.schema(to.column());
        Path file = target(to);
        long count = 0;
        try (Statement statement = database.streaming();
                Writer orc = OrcFile.createWriter(file, options(schema, to))) {
            VectorizedRowBatch batch = RowToOrc.batch(schema, BATCH);
            try (ResultSet result = statement.executeQuery(select)) {
                RowToOrc copy = new RowToOrc(
                        database.dialect(),
                        result.getMetaData(),
                        schema,
                        ZeroDates.FAIL,
                        from.splitPk() == null ? null : nameInFile(from, to, from.splitPk()));
                while (result.next()) {
                    refuse(copy.append(result, batch, ++count));
                    if (batch.size == batch.getMaxSize()) {
                        orc.addRowBatch(batch);
                        batch.reset();
                    }
                }
            }
            if (batch.size > 0) {
                orc.addRowBatch(batch);
            }
        } catch (SQLException e) {
            throw database.failed(select, e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot write " + file + ": " + e, e);
        }
        return count;
    }

    private static void refuse(DirtyRow row) {
        if (row != null) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    row.where() + ", column " + row.column() + ": " + row.reason()
                            + ". Correct the row, or offer the column through a view that says what it shall be"
                            + " (such as NULLIF(" + row.column() + ", '0000-00-00')).");
        }
    }

    private static String nameInFile(DataxJob.MysqlReader from, DataxJob.HdfsWriter to, String column) {
        int at = from.column().indexOf(column);
        return at < 0 ? null : to.column().get(at).name();
    }

    private Path target(DataxJob.HdfsWriter to) {
        Path folder = OrcFiles.at(to.defaultFS(), to.path());
        Path file = new Path(folder, to.fileName() + "-00000.orc");
        try {
            FileSystem files = folder.getFileSystem(hadoop);
            if (files.exists(folder)
                    && files.listStatus(folder, path -> path.getName().startsWith(to.fileName())).length > 0) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "hdfswriter: " + folder + " already holds files named " + to.fileName()
                                + "*, and writeMode is nonConflict");
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + folder + ": " + e, e);
        }
        return file;
    }

    private OrcFile.WriterOptions options(TypeDescription schema, DataxJob.HdfsWriter to) {
        return OrcFile.writerOptions(hadoop)
                .setSchema(schema)
                .compress(CompressionKind.valueOf(to.compress() == null ? "SNAPPY" : to.compress()))
                .useUTCTimestamp(true)
                .setProlepticGregorian(true);
    }

    private long orcToDatabase(DataxJob.HdfsReader from, DataxJob.MysqlWriter to) {
        if (from.column().size() != to.column().size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "hdfsreader has " + from.column().size() + " columns, mysqlwriter "
                            + to.column().size());
        }
        List<Path> files = new OrcFiles(hadoop).of(from.defaultFS(), from.path());
        try (Database database = Database.open(
                PasswordReference.resolve(to.plugin(), to.password(), to.jdbcUrl(), to.username(), profile))) {
            try {
                database.jdbc().setAutoCommit(false);
                to.preSql().forEach(sql -> database.execute(atTable(database, sql, to)));
                long rows = insert(database, files, from, to);
                to.postSql().forEach(sql -> database.execute(atTable(database, sql, to)));
                database.jdbc().commit();
                return rows;
            } catch (SQLException e) {
                throw database.failed("transaction on " + to.table(), e);
            }
        }
    }

    private static String atTable(Database database, String sql, DataxJob.MysqlWriter to) {
        return sql.replace("@table", database.dialect().table(to.table()));
    }

    private long insert(Database database, List<Path> files, DataxJob.HdfsReader from, DataxJob.MysqlWriter to) {
        String insert = database.dialect().insert(to.table(), to.column(), WriteMode.INSERT, List.of());
        long rows = 0;
        try (PreparedStatement statement = database.jdbc().prepareStatement(insert)) {
            for (Path file : files) {
                rows += insert(database, file, from, statement, to.batchSize());
            }
        } catch (SQLException e) {
            throw database.failed(insert, e);
        }
        return rows;
    }

    private long insert(
            Database database, Path file, DataxJob.HdfsReader from, PreparedStatement statement, int batchSize)
            throws SQLException {
        long rows = 0;
        int waiting = 0;
        OrcFile.ReaderOptions options =
                OrcFile.readerOptions(hadoop).useUTCTimestamp(true).convertToProlepticGregorian(true);
        try (Reader reader = OrcFile.createReader(file, options);
                RecordReader records = reader.rows()) {
            OrcToRow row = new OrcToRow(database.dialect(), from.column(), reader.getSchema());
            VectorizedRowBatch batch = reader.getSchema().createRowBatch(BATCH);
            while (records.nextBatch(batch)) {
                for (int at = 0; at < batch.size; at++) {
                    row.bind(batch, at, statement);
                    statement.addBatch();
                    if (++waiting == batchSize) {
                        statement.executeBatch();
                        waiting = 0;
                    }
                }
                rows += batch.size;
            }
            if (waiting > 0) {
                statement.executeBatch();
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
        return rows;
    }
}
