package io.granary.functions.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of JSON: values by type, what is rejected, and that no bytes make it throw. */
class JsonLineTest {
    private static final String FORMAT =
            "json(at): id string required, at timestamp required, n bigint, i int, r double,"
                    + " f float, p decimal(6,2), ok boolean, d date, b binary, tags array<string>, s struct<a:int,b:string>,"
                    + " tiny tinyint";
    private static final LineParser PARSER = new LineParser(FORMAT);

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "n ~ 12 ~ 12",
                "n ~ -9223372036854775807 ~ -9223372036854775807",
                "n ~ \"12\" ~ 12",
                "n ~ null ~ NULL",
                "r ~ 1.5e3 ~ 1500.0",
                "r ~ -0.1 ~ -0.1",
                "r ~ -0 ~ -0.0",
                "r ~ 123456789.012345 ~ 1.23456789012345E8",
                "r ~ 1234567890.0123456 ~ 1.2345678900123456E9",
                "r ~ 123456789012345678901234567890 ~ 1.2345678901234568E29",
                "f ~ 0.25 ~ 0.25",
                "p ~ 12.345 ~ 12.35",
                "p ~ -1e1 ~ -10.00",
                "ok ~ true ~ true",
                "ok ~ false ~ false",
                "d ~ \"2026-11-01\" ~ 20758",
                "tags ~ [\"a\", {\"b\":1}] ~ [a,{\"b\":1}]",
                "s ~ {\"b\":\"x\",\"a\":7} ~ [7,x]",
                "tiny ~ -128 ~ -128",
                "id ~ \"\\u00fc\\ud83d\\ude00\\/\\\"\" ~ ü😀/\"",
                "id ~ \"\\ud83d\" ~ \uFFFD",
                "id ~ 1.10 ~ 1.10",
                "id ~ [1, {\"a\":\"]\"}] ~ [1, {\"a\":\"]\"}]",
                "at ~ \"2026-11-01 10:05:00.1234567+01:00\" ~ 1793523900123456",
                "at ~ \"2026-11-01\" ~ 1793491200000000",
            })
    void valuesByType(String field, String json, String value) {
        InternalRow row = parse(object(field, json));

        assertThat(text(row, "reject_reason")).isEqualTo("NULL");
        assertThat(text(row, field)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "n ~ 1.0 ~ field n is no bigint: '1.0'",
                "n ~ 9223372036854775808 ~ field n is no bigint: '9223372036854775808'",
                "n ~ true ~ field n is no bigint: 'true'",
                "n ~ \"\" ~ field n is no bigint: ''",
                "n ~ [1] ~ field n is no bigint: '[1]'",
                "i ~ 2147483648 ~ field i is no int: '2147483648'",
                "tiny ~ 128 ~ field tiny is no tinyint: '128'",
                "r ~ \"NaN\" ~ field r is no double: 'NaN'",
                "p ~ 12345 ~ field p is no decimal(6,2): '12345'",
                "p ~ 1e999999999999 ~ field p is no decimal(6,2): '1e999999999999'",
                "ok ~ 1 ~ field ok is no boolean: '1'",
                "d ~ \"2026-02-30\" ~ field d is no date: '2026-02-30'",
                "at ~ 1793491200 ~ field at is no timestamp: '1793491200'",
                "at ~ \"1969-12-31T23:59:59Z\" ~ field at is before 1970 or after 9998",
                "tags ~ \"a\" ~ field tags is no array<string>: 'a'",
                "id ~ null ~ field id is missing",
                "n ~ 01 ~ line is not a JSON object",
                "n ~ +1 ~ line is not a JSON object",
                "n ~ 1. ~ line is not a JSON object",
                "n ~ NaN ~ line is not a JSON object",
                "n ~ tru ~ line is not a JSON object",
                "n ~ 1}} ~ line is not a JSON object",
                "n ~ 1,} ~ line is not a JSON object",
                "n ~ {\"a\" 1} ~ line is not a JSON object",
                "n ~ [1,] ~ line is not a JSON object",
                "n ~ [1}  ~ line is not a JSON object",
                "n ~ \"\\q\" ~ line is not a JSON object",
                "n ~ \"\\u12g4\" ~ line is not a JSON object",
                "n ~ \"\t\" ~ line is not a JSON object",
            })
    void rejectsInWords(String field, String json, String reason) {
        assertThat(text(parse(object(field, json)), "reject_reason")).isEqualTo(reason);
    }

    @Test
    void ofAKeyThatIsThereTwiceTheFirstCounts() {
        InternalRow row = parse("{\"id\":\"1\",\"i\\u0064\":\"2\",\"at\":\"2026-11-01T10:05:00Z\",\"id\":\"3\"}");

        assertThat(text(row, "id")).isEqualTo("1");
    }

    @Test
    void keysMayComeInAnyOrderWithAnyBlanks() {
        for (int i = 0; i < 3; i++) {
            assertThat(text(parse(" { \"at\" : \"2026-11-01T10:05:00Z\" , \"x\" : { } , \"id\" : \"a\" } "), "id"))
                    .isEqualTo("a");
            assertThat(text(parse("{\"x\":[],\"id\":\"b\",\"at\":\"2026-11-01T10:05:00Z\"}"), "id"))
                    .isEqualTo("b");
        }
    }

    /** What was learned from lines before must not be seen in a line that only looks like them. */
    @Test
    void keysThatAreMissingMovedOrNewAreReadLikeOthers() {
        String at = "\"at\":\"2026-11-01T10:05:00Z\"";
        for (int i = 0; i < 3; i++) {
            assertThat(fields("{\"id\":\"a\"," + at + ",\"n\":1,\"i\":2}")).isEqualTo("a 1 2");
            assertThat(fields("{\"id\":\"b\"," + at + ",\"i\":3}")).isEqualTo("b NULL 3");
            assertThat(fields("{\"i\":4," + at + ",\"n\":5,\"id\":\"c\"}")).isEqualTo("c 5 4");
            assertThat(fields("{\"id\": \"d\"," + at + ",\"nn\":1, \"n\" :\t6,\"i\":7 }"))
                    .isEqualTo("d 6 7");
            assertThat(fields("{\"id\":\"e\"," + at + ",\"n\":1,\"n\":2,\"i\":-0}"))
                    .isEqualTo("e 1 0");
            assertThat(reason("{\"id\":\"a\"," + at + ",\"n\" 1}")).isEqualTo("line is not a JSON object");
            assertThat(reason("{\"id\":\"a\"," + at + "\"n\":1}")).isEqualTo("line is not a JSON object");
            assertThat(reason("{\"id\":\"a\"," + at + ",\"n\":")).isEqualTo("line is not a JSON object");
        }
    }

    @Test
    void moreKeysThanAreRemembered() {
        for (int i = 0; i < 300; i += 3) {
            StringBuilder line = new StringBuilder("{");
            for (int k = 0; k < 90; k++) {
                line.append("\"x").append(i + k).append("\":").append(k).append(',');
            }
            line.append("\"id\":\"a\",\"n\":").append(i).append(",\"at\":\"2026-11-01\"}");
            assertThat(fields(line.toString())).isEqualTo("a " + i + " NULL");
        }
    }

    @Test
    void timesOfOneMinuteAndOfOthers() {
        for (String minute : List.of("2026-11-01T10:05", "2026-11-01T10:06", "2024-02-29T23:59", "1970-01-01 00:00")) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(minute.replace(' ', 'T') + ":00Z"));
            assertThat(text(parse(object("at", "\"" + minute + ":07.25Z\"")), "at"))
                    .isEqualTo("" + (micros + 7_250_000));
            assertThat(text(parse(object("at", "\"" + minute + ":59Z\"")), "at"))
                    .isEqualTo("" + (micros + 59_000_000));
            assertThat(reason(object("at", "\"" + minute + ":60Z\""))).startsWith("field at is no timestamp");
            assertThat(reason(object("at", "\"" + minute + ":0xZ\""))).startsWith("field at is no timestamp");
        }
        assertThat(reason(object("at", "\"2026-02-29T10:05:00Z\""))).startsWith("field at is no timestamp");
        assertThat(reason(object("at", "\"2026-11-01T24:05:00Z\""))).startsWith("field at is no timestamp");
    }

    private static String fields(String line) {
        InternalRow row = parse(line);
        return text(row, "id") + " " + text(row, "n") + " " + text(row, "i");
    }

    private static String reason(String line) {
        return text(parse(line), "reject_reason");
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(512) + "]".repeat(512);
        assertThat(text(parse(object("x", deep)), "reject_reason")).isEqualTo("NULL");
        assertThat(text(parse(object("x", "[" + deep + "]")), "reject_reason")).isEqualTo("line is not a JSON object");
        assertThat(text(parse("{\"x\":" + "[".repeat(1_000_000)), "reject_reason"))
                .isEqualTo("line is not a JSON object");
    }

    @Test
    void badUtf8IsReplaced() {
        byte[] line = object("id", "\"aXb\"").getBytes(StandardCharsets.ISO_8859_1);
        line[new String(line, StandardCharsets.ISO_8859_1).indexOf("aXb") + 1] = (byte) 0xc3;

        assertThat(text(PARSER.parse(line), "id")).isEqualTo("a\uFFFDb");
    }

    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(5);
        byte[] good =
                ("{\"id\":\"e1\",\"at\":\"2026-11-01T10:05:00.123Z\",\"n\":12,\"r\":-1.5e3,\"p\":1.25,\"ok\":true,"
                                + "\"d\":\"2026-11-01\",\"tags\":[\"a\"],\"s\":{\"a\":1},\"x\":\"\\u00e9\\n\"}")
                        .getBytes(StandardCharsets.UTF_8);
        int rejected = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] line =
                    java.util.Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length) : good.length);
            for (int changes = random.nextInt(4); changes > 0 && line.length > 0; changes--) {
                line[random.nextInt(line.length)] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "\"\\{}[]:,0eu".charAt(random.nextInt(11));
            }
            InternalRow row = PARSER.parse(line);
            boolean isRejected = !text(row, "reject_reason").equals("NULL");
            assertThat(text(row, "at").equals("NULL")).isEqualTo(isRejected);
            rejected += isRejected ? 1 : 0;
        }
        assertThat(rejected).isBetween(20_000, 180_000);
    }

    /** Good values for the fields that are required, unless it is one of them. */
    private static String object(String field, String json) {
        return "{\"" + field + "\":" + json + (field.equals("id") ? "" : ",\"id\":\"e1\"")
                + (field.equals("at") ? "" : ",\"at\":\"2026-11-01T10:05:00.123Z\"") + "}";
    }

    private static InternalRow parse(String line) {
        return PARSER.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(InternalRow row, String field) {
        int index = PARSER.schema().fieldIndex(field);
        DataType type = PARSER.schema().fields()[index].dataType();
        if (row.isNullAt(index)) {
            return "NULL";
        }
        Object value = row.get(index, type);
        return value instanceof org.apache.spark.sql.catalyst.util.ArrayData list
                ? java.util.Arrays.toString(list.toObjectArray(org.apache.spark.sql.types.DataTypes.StringType))
                        .replace(", ", ",")
                : value.toString();
    }
}
