package io.granary.ingestion.sync.engine;

import io.granary.ingestion.pull.RemoteReaders;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.FtpReader;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HttpReader;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.StreamReader;
import io.granary.ingestion.sync.job.TxtFileReader;
import io.granary.ingestion.sync.orc.OrcFolderReader;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.text.StreamRows;
import io.granary.ingestion.sync.text.TextFiles;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** What the native engine can read: one line for each reader of the job model. */
final class Readers {
    /** Opens a reader for so many channels. */
    private interface Opening<T extends DataxJob.Reader> {
        RowReader open(T definition, int channels);
    }

    private final Map<Class<?>, Opening<DataxJob.Reader>> known = new HashMap<>();

    Readers(Profile profile, Configuration hadoop) {
        add(RdbmsReader.class, (from, channels) -> JdbcReader.open(from, profile, channels));
        add(
                HdfsReader.class,
                (from, channels) -> from.fileType().equals("orc")
                        ? OrcFolderReader.open(from, hadoop)
                        : TextFiles.open(from, hadoop));
        add(TxtFileReader.class, (from, channels) -> TextFiles.open(from, hadoop));
        add(StreamReader.class, (from, channels) -> new StreamRows(from));
        add(FtpReader.class, (from, channels) -> RemoteReaders.open(from, profile));
        add(HttpReader.class, (from, channels) -> RemoteReaders.open(from, profile));
    }

    private <T extends DataxJob.Reader> void add(Class<T> type, Opening<T> opening) {
        known.put(type, (definition, channels) -> opening.open(type.cast(definition), channels));
    }

    RowReader of(DataxJob job, int channels) {
        Opening<DataxJob.Reader> opening = known.get(job.reader().getClass());
        if (opening == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "the native engine cannot read by " + job.reader().plugin());
        }
        return opening.open(job.reader(), channels);
    }
}
