package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.orc.OrcFiles;
import io.granary.ingestion.sync.orc.OrcToRow;
import io.granary.ingestion.sync.orc.OrcTypes;
import io.granary.ingestion.sync.orc.RowToOrc;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
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
    /** Rows the driver holds at a time while a table streams through. */
    private static final int FETCH = 1000;

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
        if (job.channels() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.speed.channel is " + job.channels()
                            + "; the native engine reads in one channel, set it to 1");
        }
        if (!job.setting().errorLimit().equals(ErrorLimit.NONE_LOST)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.errorLimit is "
                            + job.setting().errorLimit()
                            + "; the native engine leaves no row out, set it to 0");
        }
        if (job.reader() instanceof RdbmsReader from && job.writer() instanceof HdfsWriter to) {
            return databaseToOrc(from, to);
        }
        if (job.reader() instanceof HdfsReader from && job.writer() instanceof RdbmsWriter to) {
            return orcToDatabase(from, to);
        }
        throw new GranaryException(
                ErrorCode.DEFINITION,
                "the native engine cannot run " + job.reader().plugin() + " to "
                        + job.writer().plugin());
    }

    private long databaseToOrc(RdbmsReader from, HdfsWriter to) {
        if (from.column().size() != to.column().size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "mysqlreader has " + from.column().size() + " columns, hdfswriter "
                            + to.column().size());
        }
        try (Database database = Database.open(PasswordReference.resolve(
                from.plugin(),
                from.password(),
                from.connection().get(0).jdbcUrl().get(0),
                from.username(),
                profile))) {
            database.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            database.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            String rows =
                    " FROM " + Database.quoted(table(from)) + (from.where() == null ? "" : " WHERE " + from.where());
            long expected = database.number("SELECT count(*)" + rows);
            long written = copy(database, from, to, rows);
            database.execute("COMMIT");
            if (written != expected) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "table " + table(from) + " has " + expected + " rows in the snapshot, " + written
                                + " were written to " + to.path());
            }
            return written;
        }
    }

    private static String table(RdbmsReader from) {
        return from.connection().get(0).table().get(0);
    }

    private long copy(Database database, RdbmsReader from, HdfsWriter to, String rows) {
        String select =
                "SELECT " + from.column().stream().map(Database::quoted).collect(Collectors.joining(", ")) + rows;
        TypeDescription schema = OrcTypes.schema(to.column());
        Path file = target(to);
        long count = 0;
        try (Statement statement =
                        database.jdbc().createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
                Writer orc = OrcFile.createWriter(file, options(schema, to))) {
            statement.setFetchSize(FETCH);
            VectorizedRowBatch batch = RowToOrc.batch(schema, BATCH);
            RowToOrc copy = new RowToOrc(schema, from.splitPk() == null ? null : nameInFile(from, to, from.splitPk()));
            try (ResultSet result = statement.executeQuery(select)) {
                while (result.next()) {
                    copy.append(result, batch, ++count);
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

    private static String nameInFile(RdbmsReader from, HdfsWriter to, String column) {
        int at = from.column().indexOf(column);
        return at < 0 ? null : to.column().get(at).name();
    }

    private Path target(HdfsWriter to) {
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

    private OrcFile.WriterOptions options(TypeDescription schema, HdfsWriter to) {
        return OrcFile.writerOptions(hadoop)
                .setSchema(schema)
                .compress(CompressionKind.valueOf(to.compress() == null ? "SNAPPY" : to.compress()))
                .useUTCTimestamp(true)
                .setProlepticGregorian(true);
    }

    private long orcToDatabase(HdfsReader from, RdbmsWriter to) {
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
                to.preSql().forEach(sql -> database.execute(atTable(sql, to)));
                long rows = insert(database, files, from, to);
                to.postSql().forEach(sql -> database.execute(atTable(sql, to)));
                database.jdbc().commit();
                return rows;
            } catch (SQLException e) {
                throw database.failed("transaction on " + to.table(), e);
            }
        }
    }

    private static String atTable(String sql, RdbmsWriter to) {
        return sql.replace("@table", Database.quoted(to.table()));
    }

    private long insert(Database database, List<Path> files, HdfsReader from, RdbmsWriter to) {
        String insert = "INSERT INTO " + Database.quoted(to.table()) + " ("
                + to.column().stream().map(Database::quoted).collect(Collectors.joining(", ")) + ") VALUES ("
                + String.join(", ", Collections.nCopies(to.column().size(), "?")) + ")";
        long rows = 0;
        try (PreparedStatement statement = database.jdbc().prepareStatement(insert)) {
            for (Path file : files) {
                rows += insert(file, from, statement, to.batchSize());
            }
        } catch (SQLException e) {
            throw database.failed(insert, e);
        }
        return rows;
    }

    private long insert(Path file, HdfsReader from, PreparedStatement statement, int batchSize) throws SQLException {
        long rows = 0;
        int waiting = 0;
        OrcFile.ReaderOptions options =
                OrcFile.readerOptions(hadoop).useUTCTimestamp(true).convertToProlepticGregorian(true);
        try (Reader reader = OrcFile.createReader(file, options);
                RecordReader records = reader.rows()) {
            OrcToRow row = new OrcToRow(from.column(), reader.getSchema());
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
