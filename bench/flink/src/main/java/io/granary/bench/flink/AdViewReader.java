package io.granary.bench.flink;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Views out of the records of a topic; other events make no object and no call. */
final class AdViewReader implements KafkaRecordDeserializationSchema<AdView> {
    private static final long serialVersionUID = 1;
    private static final byte[] VIEW = "view".getBytes(StandardCharsets.US_ASCII);
    private static final int DATE = "2026-11-22".length();
    private static final int AD = 0;
    private static final int KIND = 1;
    private static final int TIME = 2;

    private final boolean isChunk;
    private transient JsonFields fields;
    private transient AdView view;
    private transient byte[] date;
    private transient long midnight;
    private transient int at;

    /** @param isChunk whether a record is many lines in Flume's Avro, or one event */
    AdViewReader(boolean isChunk) {
        this.isChunk = isChunk;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        fields = new JsonFields("ad_id", "event_type", "event_time");
        view = new AdView();
        date = new byte[DATE];
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
        if (!fields.read(a, start, end)) {
            return;
        }
        int kind = fields.from[KIND];
        if (Arrays.equals(VIEW, 0, VIEW.length, a, kind, kind + fields.length[KIND])) {
            view.bytes = a;
            view.ad = fields.from[AD];
            view.adLength = fields.length[AD];
            view.at = time(a, fields.from[TIME]);
            out.collect(view);
        }
    }

    /** Of {@code 2026-11-22T10:28:19.123Z}; ms since 1970. */
    private long time(byte[] a, int from) {
        if (!Arrays.equals(date, 0, DATE, a, from, from + DATE)) {
            System.arraycopy(a, from, date, 0, DATE);
            midnight =
                    LocalDate.parse(new String(date, StandardCharsets.US_ASCII)).toEpochDay() * 86_400_000L;
        }
        int hour = two(a, from + 11);
        int minute = two(a, from + 14);
        int second = two(a, from + 17);
        return midnight + ((hour * 60L + minute) * 60 + second) * 1000 + (a[from + 20] - '0') * 100 + two(a, from + 21);
    }

    private static int two(byte[] a, int from) {
        return (a[from] - '0') * 10 + a[from + 1] - '0';
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
