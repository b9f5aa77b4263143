package io.granary.bench.flink;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Views out of the records of a topic; other events make no object and no call. */
final class AdViewReader implements KafkaRecordDeserializationSchema<AdView> {
    private static final long serialVersionUID = 1;
    private final boolean isChunk;
    private final boolean isScanned;
    private transient EventFields fields;
    private transient AdView view;
    private transient int at;

    /**
     * @param isChunk whether a record is many lines in Flume's Avro, or one event
     * @param isScanned whether by {@link ScannedFields}, or by Jackson
     */
    AdViewReader(boolean isChunk, boolean isScanned) {
        this.isChunk = isChunk;
        this.isScanned = isScanned;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        fields = isScanned ? new ScannedFields() : new JacksonFields();
        view = new AdView();
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<AdView> out) {
        byte[] value = record.value();
        if (!isChunk) {
            event(value, 0, value.length, out);
            return;
        }
        int body = body(value);
        int start = at;
        for (int end = start + body; start < end; ) {
            int newline = JsonFields.newline(value, start, end);
            event(value, start, newline, out);
            start = newline + 1;
        }
    }

    private void event(byte[] a, int start, int end, Collector<AdView> out) {
        if (fields.read(a, start, end, view)) {
            out.collect(view);
        }
    }

    /** Leaves {@link #at} where the lines begin; returns their length. */
    private int body(byte[] record) {
        at = 0;
        for (long more = number(record); more != 0; more = number(record)) {
            if (more < 0) {
                number(record);
            }
            for (long i = Math.abs(more) * 2; i > 0; i--) {
                int length = (int) number(record);
                at += length;
            }
        }
        return (int) number(record);
    }

    /** Avro's variable length. */
    private long number(byte[] record) {
        long value = 0;
        int shift = 0;
        byte part;
        do {
            part = record[at++];
            value |= (part & 0x7FL) << shift;
            shift += 7;
        } while (part < 0);
        return value >>> 1 ^ -(value & 1);
    }

    @Override
    public TypeInformation<AdView> getProducedType() {
        return TypeInformation.of(AdView.class);
    }
}
