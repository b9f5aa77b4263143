package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.StreamWriter;
import io.granary.ingestion.sync.job.TxtFileWriter;
import io.granary.ingestion.sync.orc.OrcFolderWriter;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.ingestion.sync.text.PrintedRows;
import io.granary.ingestion.sync.text.TextFolderWriter;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.TypeDescription;

/** What the native engine can write: one line for each writer of the job model. */
final class Writers {
    /** Opens a writer of rows of a schema for so many channels. */
    private interface Opening<T extends DataxJob.Writer> {
        RowWriter open(T definition, int channels, TypeDescription rows);
    }

    private final Map<Class<?>, Opening<DataxJob.Writer>> known = new HashMap<>();

    Writers(Profile profile, Configuration hadoop) {
        add(RdbmsWriter.class, (to, channels, rows) -> JdbcWriter.open(to, profile, channels, rows));
        add(
                HdfsWriter.class,
                (to, channels, rows) -> to.fileType().equals("orc")
                        ? OrcFolderWriter.open(to, hadoop)
                        : TextFolderWriter.open(to, hadoop));
        add(TxtFileWriter.class, (to, channels, rows) -> TextFolderWriter.open(to, hadoop, rows));
        add(StreamWriter.class, (to, channels, rows) -> new PrintedRows(to, rows, System.out));
    }

    private <T extends DataxJob.Writer> void add(Class<T> type, Opening<T> opening) {
        known.put(type, (definition, channels, rows) -> opening.open(type.cast(definition), channels, rows));
    }

    RowWriter of(DataxJob job, int channels, TypeDescription rows) {
        Opening<DataxJob.Writer> opening = known.get(job.writer().getClass());
        if (opening == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "the native engine cannot write by " + job.writer().plugin());
        }
        return opening.open(job.writer(), channels, rows);
    }
}
