package io.granary.ingestion.sync.text;

import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.ingestion.sync.job.StreamReader;
import io.granary.ingestion.sync.job.StreamReader.StreamColumn;
import io.granary.ingestion.sync.row.CellCast;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSink;
import io.granary.ingestion.sync.row.RowSizes;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** {@code streamreader}: so many rows a channel, made of values that are given or drawn; the same ones each time. */
public final class StreamRows implements RowReader {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final StreamReader from;
    private final TypeDescription schema = TypeDescription.createStruct();

    public StreamRows(StreamReader from) {
        this.from = from;
        for (int i = 0; i < from.column().size(); i++) {
            String type = new ReaderColumn(0, null, from.column().get(i).type(), null, null).hiveType();
            schema.addField("column" + i, TypeDescription.fromString(type));
        }
        // what is wrong with a column is said before the first row
        texts(new SplittableRandom(0));
    }

    @Override
    public TypeDescription schema() {
        return schema;
    }

    @Override
    public List<RowPart> parts(int channels) {
        List<RowPart> parts = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            parts.add(new RowPart(String.format(Locale.ROOT, "%05d", i), "slice " + i, null, Integer.toString(i)));
        }
        return parts;
    }

    @Override
    public void read(RowPart part, RowSink sink) {
        List<Supplier<String>> texts = texts(new SplittableRandom(Long.parseLong(part.from())));
        VectorizedRowBatch batch = sink.batch();
        RowSizes sizes = new RowSizes(batch);
        for (long row = 0; row < from.sliceRecordCount(); row++) {
            int at = batch.size;
            for (int i = 0; i < texts.size(); i++) {
                parse(i, texts.get(i).get(), batch, at);
            }
            sink.added(sizes.of(at));
        }
    }

    private void parse(int column, String text, VectorizedRowBatch batch, int at) {
        try {
            batch.cols[column].isNull[at] = false;
            CellCast.parse(schema.getChildren().get(column), text, batch.cols[column], at);
        } catch (ArithmeticException | DateTimeException e) {
            throw refused(from.column().get(column), e);
        }
    }

    private List<Supplier<String>> texts(SplittableRandom random) {
        return from.column().stream().map(column -> text(column, random)).toList();
    }

    private static Supplier<String> text(StreamColumn column, SplittableRandom random) {
        boolean isDate = column.type().equals("date");
        try {
            if (column.random() == null) {
                String value = isDate ? SECONDS.format(time(column, column.value())) : column.value();
                return () -> value;
            }
            String[] bounds = column.random().split(",");
            if (isDate) {
                LocalDateTime first = time(column, bounds[0].strip());
                long seconds =
                        Duration.between(first, time(column, bounds[1].strip())).toSeconds();
                return () -> SECONDS.format(first.plusSeconds(random.nextLong(seconds + 1)));
            }
            long low = Long.parseLong(bounds[0].strip());
            long high = Long.parseLong(bounds[1].strip()) + 1;
            if (low >= high) {
                throw new IllegalArgumentException("the first number is greater than the second");
            }
            return switch (column.type()) {
                case "string" -> () -> letters(random, (int) random.nextLong(low, high));
                case "boolean" -> () -> Boolean.toString(random.nextLong(low, high) != 0);
                default -> () -> Long.toString(random.nextLong(low, high));
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            throw refused(column, e);
        }
    }

    private static LocalDateTime time(StreamColumn column, String text) {
        return LocalDateTime.parse(
                text, column.dateFormat() == null ? SECONDS : DateTimeFormatter.ofPattern(column.dateFormat()));
    }

    private static String letters(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private static GranaryException refused(StreamColumn column, Exception e) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                StreamReader.NAME + ": a column of type " + column.type() + " with "
                        + (column.random() == null ? "value '" + column.value() : "random '" + column.random())
                        + "' cannot be: " + e.getMessage(),
                e);
    }

    @Override
    public Optional<RowSums> sums(RowPart part) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
