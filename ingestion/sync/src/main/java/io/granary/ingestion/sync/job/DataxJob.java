package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * A job as DataX writes it: rows go from a reader to a writer. {@link DataxJson} is its JSON. Granary's job is safe where
 * DataX's is not: no row may be lost unless {@code errorLimit} says so, and a password is a reference only.
 */
public record DataxJob(Setting setting, List<Content> content) {
    public DataxJob {
        setting = setting == null ? Setting.DEFAULT : setting;
        if (content == null || content.size() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.content has " + (content == null ? 0 : content.size())
                            + " entries; a job has exactly one reader and writer");
        }
        content = List.copyOf(content);
    }

    /** A job of one reader and one writer that loses no row. */
    public static DataxJob of(Reader reader, Writer writer) {
        return new DataxJob(Setting.DEFAULT, List.of(new Content(reader, writer)));
    }

    public Reader reader() {
        return content.get(0).reader();
    }

    public Writer writer() {
        return content.get(0).writer();
    }

    /** {@code job.setting}. */
    public record Setting(Speed speed, ErrorLimit errorLimit) {
        public static final Setting DEFAULT = new Setting(null, null);

        public Setting {
            speed = speed == null ? new Speed(1) : speed;
            errorLimit = errorLimit == null ? new ErrorLimit(0) : errorLimit;
        }
    }

    /** How many channels read side by side. */
    public record Speed(int channel) {
        public Speed {
            if (channel < 1) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "job.setting.speed.channel is " + channel + "; it is at least 1");
            }
        }
    }

    /** How many rows may be left out; DataX's own default is "all of them", Granary's is none. */
    public record ErrorLimit(long record) {
        public ErrorLimit {
            if (record < 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "job.setting.errorLimit.record is " + record + "; it is at least 0");
            }
        }
    }

    /** One reader and the writer its rows go to. */
    public record Content(Reader reader, Writer writer) {}

    /** {@code content[].reader}; its record is the plugin's {@code parameter}. */
    public sealed interface Reader permits MysqlReader, HdfsReader {
        /** The plugin's name in DataX. */
        String plugin();
    }

    /** {@code content[].writer}; its record is the plugin's {@code parameter}. */
    public sealed interface Writer permits HdfsWriter, MysqlWriter {
        /** The plugin's name in DataX. */
        String plugin();
    }

    /**
     * {@code mysqlreader}: the rows of one table.
     *
     * @param password a {@link PasswordReference}
     * @param column names, in the order of the writer's columns
     * @param where SQL condition, or null
     * @param splitPk column to cut ranges by, or null
     */
    public record MysqlReader(
            String username,
            String password,
            List<String> column,
            List<ReaderConnection> connection,
            String where,
            String splitPk)
            implements Reader {
        public static final String NAME = "mysqlreader";

        public MysqlReader {
            PasswordReference.check("mysqlreader", password);
            column = Required.list("mysqlreader", "column", column);
            connection = Required.one("mysqlreader", "connection", connection);
        }

        @Override
        public String plugin() {
            return NAME;
        }

        public String jdbcUrl() {
            return connection.get(0).jdbcUrl().get(0);
        }

        public String table() {
            return connection.get(0).table().get(0);
        }
    }

    /** Where a reader's table is. */
    public record ReaderConnection(List<String> jdbcUrl, List<String> table) {
        public ReaderConnection {
            jdbcUrl = Required.one("mysqlreader", "connection[0].jdbcUrl", jdbcUrl);
            table = Required.one("mysqlreader", "connection[0].table", table);
        }
    }

    /**
     * {@code hdfswriter}: ORC files in one folder. Types are Hive's, decimals too, which DataX itself refuses.
     *
     * @param fileName prefix of the files written
     * @param writeMode {@code nonConflict}: the folder holds no file of this prefix before
     */
    public record HdfsWriter(
            String defaultFS,
            String path,
            String fileType,
            String fileName,
            String writeMode,
            String fieldDelimiter,
            String compress,
            List<WriterColumn> column)
            implements Writer {
        public static final String NAME = "hdfswriter";

        public HdfsWriter {
            Required.text(NAME, "path", path);
            Required.text(NAME, "fileName", fileName);
            Required.oneOf(NAME, "fileType", fileType, "orc");
            Required.oneOf(NAME, "writeMode", writeMode, "nonConflict");
            if (compress != null) {
                Required.oneOf(NAME, "compress", compress, "NONE", "SNAPPY", "ZLIB", "ZSTD", "LZ4");
            }
            column = Required.list(NAME, "column", column);
        }

        @Override
        public String plugin() {
            return NAME;
        }
    }

    /** A column of the ORC files; {@code type} is a Hive type. */
    public record WriterColumn(String name, String type) {}

    /**
     * {@code hdfsreader}: rows of ORC files, one file after the other.
     *
     * @param path files, or folders as {@code folder/*}
     */
    public record HdfsReader(
            String defaultFS, List<String> path, String fileType, String encoding, List<ReaderColumn> column)
            implements Reader {
        public static final String NAME = "hdfsreader";

        public HdfsReader {
            path = Required.list(NAME, "path", path);
            Required.oneOf(NAME, "fileType", fileType, "orc");
            if (encoding != null) {
                Required.oneOf(NAME, "encoding", encoding, "UTF-8");
            }
            column = Required.list(NAME, "column", column);
        }

        @Override
        public String plugin() {
            return NAME;
        }
    }

    /**
     * A column of a file by its position, or a constant. The position may lie behind a file's last column: the file is
     * older than the column, and its rows have NULL there.
     *
     * @param type DataX's type: {@code long, double, string, boolean, date, bytes}; the file's own type is what is read
     */
    public record ReaderColumn(Integer index, String type, String value) {
        public ReaderColumn {
            Required.oneOf("hdfsreader", "column.type", type, "long", "double", "string", "boolean", "date", "bytes");
            if ((index == null) == (value == null)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "hdfsreader: a column has either an index or a constant value");
            }
        }
    }

    /**
     * {@code mysqlwriter}: {@code preSql}, the rows and {@code postSql}, all in one transaction. {@code @table} in them
     * stands for the table.
     *
     * @param password a {@link PasswordReference}
     */
    public record MysqlWriter(
            String username,
            String password,
            String writeMode,
            List<String> column,
            List<String> preSql,
            List<String> postSql,
            Integer batchSize,
            List<WriterConnection> connection)
            implements Writer {
        public static final String NAME = "mysqlwriter";
        private static final int DEFAULT_BATCH = 2048;

        public MysqlWriter {
            PasswordReference.check(NAME, password);
            Required.oneOf(NAME, "writeMode", writeMode, "insert");
            column = Required.list(NAME, "column", column);
            preSql = preSql == null ? List.of() : List.copyOf(preSql);
            postSql = postSql == null ? List.of() : List.copyOf(postSql);
            batchSize = batchSize == null ? DEFAULT_BATCH : batchSize;
            connection = Required.one(NAME, "connection", connection);
        }

        @Override
        public String plugin() {
            return NAME;
        }

        public String jdbcUrl() {
            return connection.get(0).jdbcUrl();
        }

        public String table() {
            return connection.get(0).table().get(0);
        }
    }

    /** Where a writer's table is. */
    public record WriterConnection(String jdbcUrl, List<String> table) {
        public WriterConnection {
            Required.text("mysqlwriter", "connection[0].jdbcUrl", jdbcUrl);
            table = Required.one("mysqlwriter", "connection[0].table", table);
        }
    }
}
