package io.granary.ingestion.sync.orc;

import java.math.BigDecimal;
import java.util.List;

/**
 * A value of one type of a database.
 *
 * @param type in the database
 * @param literal the value in the database's SQL
 * @param hiveType the column's type in Hive
 * @param expected the value in a batch of rows
 */
record TypeCase(String type, String literal, String hiveType, Object expected) {
    static final List<TypeCase> MARIADB = List.of(
            new TypeCase("tinyint", "-128", "int", -128L),
            new TypeCase("tinyint(1)", "2", "int", 2L),
            new TypeCase("tinyint unsigned", "255", "int", 255L),
            new TypeCase("smallint unsigned", "65535", "int", 65535L),
            new TypeCase("mediumint", "-8388608", "int", -8388608L),
            new TypeCase("int(5) unsigned zerofill", "7", "bigint", 7L),
            new TypeCase("int unsigned", "4294967295", "bigint", 4294967295L),
            new TypeCase("bigint", "-9223372036854775808", "bigint", Long.MIN_VALUE),
            new TypeCase("bigint unsigned", "18446744073709551615", "decimal(20,0)", decimal("18446744073709551615")),
            new TypeCase("year", "2026", "int", 2026L),
            new TypeCase("bit(1)", "1", "boolean", 1L),
            new TypeCase("bit(12)", "2049", "bigint", 2049L),
            new TypeCase("bit(64)", "18446744073709551615", "decimal(20,0)", decimal("18446744073709551615")),
            new TypeCase("decimal(12,2)", "-7364.70", "decimal(12,2)", decimal("-7364.7")),
            new TypeCase("decimal(5,5)", "0.00001", "decimal(5,5)", decimal("0.00001")),
            new TypeCase("decimal(18,0)", "-999999999999999999", "decimal(18,0)", decimal("-999999999999999999")),
            new TypeCase("decimal(19,0)", "9999999999999999999", "decimal(19,0)", decimal("9999999999999999999")),
            new TypeCase(
                    "decimal(38,10)",
                    "-9999999999999999999999999999.9999999999",
                    "decimal(38,10)",
                    decimal("-9999999999999999999999999999.9999999999")),
            new TypeCase("double", "0.1", "double", 0.1),
            new TypeCase("double", "-1.7976931348623157e308", "double", -Double.MAX_VALUE),
            new TypeCase("float", "16777215", "float", 16777215.0),
            new TypeCase("varchar(20)", "''", "string", ""),
            new TypeCase("varchar(40)", "'名前 🙂 \\'x\\' \\\\n'", "string", "名前 🙂 'x' \\n"),
            new TypeCase("varchar(20) character set latin1", "'café'", "string", "café"),
            new TypeCase("char(5)", "'ab'", "string", "ab"),
            new TypeCase("longtext", "repeat('x', 70000)", "string", "x".repeat(70000)),
            new TypeCase("enum('a','b(1)')", "'b(1)'", "string", "b(1)"),
            new TypeCase("set('a','b')", "'a,b'", "string", "a,b"),
            new TypeCase("json", "'{\"a\": [1, null]}'", "string", "{\"a\": [1, null]}"),
            new TypeCase("inet6", "'2001:db8::1'", "string", "2001:db8::1"),
            new TypeCase(
                    "uuid", "'123e4567-e89b-12d3-a456-426655440000'", "string", "123e4567-e89b-12d3-a456-426655440000"),
            new TypeCase("time(3)", "'-12:01:02.5'", "string", "-12:01:02.500"),
            new TypeCase("date", "'2024-02-29'", "date", "2024-02-29"),
            new TypeCase("date", "'0001-01-01'", "date", "0001-01-01"),
            new TypeCase("datetime", "'2026-03-29 02:30:00'", "timestamp", "2026-03-29 02:30:00.000000"),
            new TypeCase("datetime(6)", "'1969-12-31 23:59:58.999999'", "timestamp", "1969-12-31 23:59:58.999999"),
            new TypeCase("datetime", "'1500-01-01 00:00:00'", "timestamp", "1500-01-01 00:00:00.000000"),
            new TypeCase("timestamp(6)", "'2026-07-01 12:00:00.000001'", "timestamp", "2026-07-01 12:00:00.000001"),
            new TypeCase("varbinary(4)", "x'00ff7f'", "binary", "00ff7f"),
            new TypeCase("binary(4)", "x'00ff'", "binary", "00ff0000"),
            new TypeCase("longblob", "repeat(x'ab', 3)", "binary", "ababab"));

    static final List<TypeCase> POSTGRESQL = List.of(
            new TypeCase("smallint", "-32768", "int", -32768L),
            new TypeCase("integer", "-2147483648", "int", -2147483648L),
            new TypeCase("bigint", "-9223372036854775808", "bigint", Long.MIN_VALUE),
            new TypeCase("oid", "4294967295", "bigint", 4294967295L),
            new TypeCase("numeric(12,2)", "-7364.70", "decimal(12,2)", decimal("-7364.7")),
            new TypeCase("numeric(3,5)", "0.00123", "decimal(5,5)", decimal("0.00123")),
            new TypeCase("numeric(3,-2)", "12300", "decimal(5,0)", decimal("12300")),
            new TypeCase("numeric", "12345678901234567890.5", "decimal(38,18)", decimal("12345678901234567890.5")),
            new TypeCase(
                    "numeric(38,10)",
                    "-9999999999999999999999999999.9999999999",
                    "decimal(38,10)",
                    decimal("-9999999999999999999999999999.9999999999")),
            new TypeCase("double precision", "0.1", "double", 0.1),
            new TypeCase("double precision", "'-Infinity'", "double", Double.NEGATIVE_INFINITY),
            new TypeCase("real", "16777215", "float", 16777215.0),
            new TypeCase("boolean", "true", "boolean", 1L),
            new TypeCase("boolean", "false", "boolean", 0L),
            new TypeCase("text", "''", "string", ""),
            new TypeCase("varchar(40)", "'名前 🙂 ''x'' \\n'", "string", "名前 🙂 'x' \\n"),
            new TypeCase("char(5)", "'ab'", "string", "ab   "),
            new TypeCase("mood", "'sad'", "string", "sad"),
            new TypeCase("short_text", "'abc'", "string", "abc"),
            new TypeCase("json", "'{\"a\" : [1, null]}'", "string", "{\"a\" : [1, null]}"),
            new TypeCase("jsonb", "'{\"a\" : [1, null]}'", "string", "{\"a\": [1, null]}"),
            new TypeCase(
                    "uuid", "'123e4567-e89b-12d3-a456-426655440000'", "string", "123e4567-e89b-12d3-a456-426655440000"),
            new TypeCase("integer[]", "'{1,NULL,3}'", "string", "{1,NULL,3}"),
            new TypeCase("text[]", "'{a,\"b c\"}'", "string", "{a,\"b c\"}"),
            new TypeCase("interval", "'1 year 2 days 03:04:05.678'", "string", "P1Y2DT3H4M5.678S"),
            new TypeCase("inet", "'10.0.0.1'", "string", "10.0.0.1"),
            new TypeCase("cidr", "'10.0.0.0/8'", "string", "10.0.0.0/8"),
            new TypeCase("bit(3)", "B'101'", "string", "101"),
            new TypeCase("bit varying(5)", "B'01'", "string", "01"),
            new TypeCase("int4range", "'[1,5)'", "string", "[1,5)"),
            new TypeCase("point", "'(1,2)'", "string", "(1,2)"),
            new TypeCase("time(3)", "'12:01:02.5'", "string", "12:01:02.5"),
            new TypeCase("time with time zone", "'12:01:02+05:30'", "string", "12:01:02+05:30"),
            new TypeCase("date", "'2024-02-29'", "date", "2024-02-29"),
            new TypeCase("date", "'0001-01-01'", "date", "0001-01-01"),
            new TypeCase("timestamp", "'2026-03-29 02:30:00'", "timestamp", "2026-03-29 02:30:00.000000"),
            new TypeCase("timestamp(6)", "'1969-12-31 23:59:58.999999'", "timestamp", "1969-12-31 23:59:58.999999"),
            new TypeCase("timestamp", "'1500-01-01 00:00:00'", "timestamp", "1500-01-01 00:00:00.000000"),
            new TypeCase(
                    "timestamp with time zone",
                    "'2026-07-01 12:00:00.000001+08:00'",
                    "timestamp",
                    "2026-07-01 04:00:00.000001"),
            new TypeCase("bytea", "'\\x00ff7f'", "binary", "00ff7f"));

    private static BigDecimal decimal(String digits) {
        return new BigDecimal(digits);
    }
}
