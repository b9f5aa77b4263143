package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * A job as DataX writes it: rows go from a reader to a writer. {@link DataxJson} is its JSON. Granary's job is safe where
 * DataX's is not: no row may be lost unless {@code errorLimit} says so, and a password is a reference only.
 *
 * @param core what the job sets of DataX's {@code core.json}, as far as it means something here
 */
public record DataxJob(Core core, Setting setting, List<Content> content) {
    public DataxJob {
        core = core == null ? Core.DEFAULT : core;
        setting = setting == null ? Setting.DEFAULT : setting;
        if (content == null || content.size() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.content has " + (content == null ? 0 : content.size())
                            + " entries; a job has exactly one reader and writer");
        }
        content = List.copyOf(content);
    }

    /** A job of one reader and one writer that loses no row and has one channel. */
    public static DataxJob of(Reader reader, Writer writer) {
        return of(Setting.DEFAULT, reader, writer);
    }

    /** A job of one reader and one writer. */
    public static DataxJob of(Setting setting, Reader reader, Writer writer) {
        return new DataxJob(Core.DEFAULT, setting, List.of(new Content(reader, writer, List.of())));
    }

    public Reader reader() {
        return content.get(0).reader();
    }

    public Writer writer() {
        return content.get(0).writer();
    }

    /** In the order in which they change a row. */
    public List<Transformer> transformers() {
        return content.get(0).transformer();
    }

    /**
     * How many channels read side by side. As in DataX a limit of the whole job divided by that of a channel
     * ({@code core.transport.channel.speed}) wins over {@code speed.channel}, and the smaller of two such numbers wins.
     */
    public int channels() {
        return setting.speed().channels(core.perChannel());
    }

    /** {@code job.setting}. */
    public record Setting(Speed speed, ErrorLimit errorLimit) {
        public static final Setting DEFAULT = new Setting(null, null);

        public Setting {
            speed = speed == null ? Speed.DEFAULT : speed;
            errorLimit = errorLimit == null ? ErrorLimit.NONE_LOST : errorLimit;
        }
    }

    /** One reader and the writer its rows go to. */
    public record Content(Reader reader, Writer writer, List<Transformer> transformer) {
        public Content {
            transformer = transformer == null ? List.of() : List.copyOf(transformer);
        }
    }

    /** {@code content[].reader}; its record is the plugin's {@code parameter}. */
    public sealed interface Reader permits RdbmsReader, HdfsReader, TxtFileReader, FtpReader, HttpReader, StreamReader {
        /** The plugin's name in DataX. */
        String plugin();
    }

    /** {@code content[].writer}; its record is the plugin's {@code parameter}. */
    public sealed interface Writer permits HdfsWriter, RdbmsWriter, TxtFileWriter, StreamWriter, RedisWriter {
        /** The plugin's name in DataX. */
        String plugin();
    }
}
