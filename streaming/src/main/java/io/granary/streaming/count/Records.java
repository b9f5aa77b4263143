package io.granary.streaming.count;

import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.SourceNode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What the records of a topic are. */
public enum Records {
    /** Many lines of a file each, as Granary's agent sends them. */
    CHUNKS(2) {
        @Override
        StructType schema() {
            StructType interval =
                    new StructType().add("start_offset", DataTypes.LongType).add("end_offset", DataTypes.LongType);
            return texts("region", "site", "host", "file")
                    .add("start_offset", DataTypes.LongType)
                    .add("first_line", DataTypes.LongType)
                    .add("collected_at", DataTypes.TimestampType)
                    .add("body", DataTypes.StringType)
                    .add("known", DataTypes.createArrayType(interval));
        }

        @Override
        String lines(SourceNode source, String view) {
            return LogRelation.linesOf(source, "(SELECT *, CAST(NULL AS BIGINT) AS mark FROM " + view + ")");
        }

        @Override
        RecordReader reader(Known known) {
            return new ChunkReader(known);
        }
    },

    /** One event each, in the source's format; the topic may be a stranger's. */
    EVENTS(200) {
        @Override
        StructType schema() {
            return texts("region", "site", "host", "file")
                    .add("line_offset", DataTypes.LongType)
                    .add("line", DataTypes.StringType);
        }

        @Override
        String lines(SourceNode source, String view) {
            return LogRelation.events(source, view);
        }

        @Override
        RecordReader reader(Known known) {
            return new EventReader();
        }
    };

    private final int recordsPerPoll;

    Records(int recordsPerPoll) {
        this.recordsPerPoll = recordsPerPoll;
    }

    /** So few that what Kafka's client has unpacked is still in the processor's cache when it is parsed. */
    public int recordsPerPoll() {
        return recordsPerPoll;
    }

    /** Of the rows that a reader feeds. Lines are bytes, as text that lies where the record lies. */
    abstract StructType schema();

    /** SQL that reads the source's lines from such rows. */
    abstract String lines(SourceNode source, String view);

    abstract RecordReader reader(Known known);

    private static StructType texts(String... names) {
        StructType schema = new StructType();
        for (String name : names) {
            schema = schema.add(name, DataTypes.StringType);
        }
        return schema;
    }
}
