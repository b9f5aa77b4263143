package io.granary.functions.log;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JsonToStructs;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import scala.Option;

/** From the text of a JSON value to a value of a column's type. */
final class JsonTypes {
    /** Reads one type. */
    interface Reader {
        /**
         * Puts a value into {@link LineValues#numbers} or {@link LineValues#objects}.
         *
         * @param isText whether it is a string of JSON, given without its quotes and escapes
         * @return false when it is none of this type
         */
        boolean read(byte[] bytes, int from, int to, boolean isText, int column, LineValues into);
    }

    /** Types whose usual form is read while it is stepped over; all others, and all other forms, by a {@link Reader}. */
    enum Quick {
        TEXT,
        WHOLE,
        REAL,
        TIME,
        NONE
    }

    private JsonTypes() {}

    static Quick quick(DataType type) {
        if (type instanceof StringType) {
            return Quick.TEXT;
        }
        if (type instanceof TimestampType) {
            return Quick.TIME;
        }
        if (type instanceof DoubleType || type instanceof FloatType) {
            return Quick.REAL;
        }
        boolean isWhole = type instanceof LongType
                || type instanceof IntegerType
                || type instanceof ShortType
                || type instanceof ByteType;
        return isWhole ? Quick.WHOLE : Quick.NONE;
    }

    static Reader reader(DataType type) {
        if (type instanceof StringType) {
            return (bytes, from, to, isText, column, into) -> {
                into.objects[column] = Utf8.text(bytes, from, to);
                return true;
            };
        }
        if (type instanceof BinaryType) {
            return (bytes, from, to, isText, column, into) -> {
                into.objects[column] = Arrays.copyOfRange(bytes, from, to);
                return true;
            };
        }
        if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
            return nested(type);
        }
        return scalar(type);
    }

    private static Reader scalar(DataType type) {
        if (type instanceof TimestampType) {
            IsoTime time = new IsoTime();
            return (bytes, from, to, isText, column, into) ->
                    isText && (into.numbers[column] = time.micros(bytes, from, to)) != TimeReader.INVALID;
        }
        if (type instanceof DateType) {
            return (bytes, from, to, isText, column, into) ->
                    isText && (into.numbers[column] = IsoTime.days(bytes, from, to)) != TimeReader.INVALID;
        }
        if (type instanceof BooleanType) {
            return (bytes, from, to, isText, column, into) -> {
                boolean isTrue = is(bytes, from, to, "true");
                into.numbers[column] = isTrue ? 1 : 0;
                return isTrue || is(bytes, from, to, "false");
            };
        }
        if (type instanceof DoubleType || type instanceof FloatType) {
            return (bytes, from, to, isText, column, into) -> {
                double real = Numbers.real(bytes, from, to);
                into.numbers[column] = Double.doubleToRawLongBits(real);
                return !Double.isNaN(real);
            };
        }
        if (type instanceof DecimalType decimal) {
            return (bytes, from, to, isText, column, into) -> {
                into.objects[column] = Numbers.decimal(bytes, from, to, decimal.precision(), decimal.scale());
                return into.objects[column] != null;
            };
        }
        long max = max(type);
        return (bytes, from, to, isText, column, into) ->
                (into.numbers[column] = Numbers.whole(bytes, from, to, max)) != Numbers.INVALID;
    }

    /** The largest value of a type of whole numbers. */
    static long max(DataType type) {
        if (type instanceof LongType) {
            return Long.MAX_VALUE;
        }
        if (type instanceof IntegerType) {
            return Integer.MAX_VALUE;
        }
        if (type instanceof ShortType) {
            return Short.MAX_VALUE;
        }
        if (type instanceof ByteType) {
            return Byte.MAX_VALUE;
        }
        throw new IllegalArgumentException("no value of JSON can be a " + type.sql());
    }

    private static boolean is(byte[] bytes, int from, int to, String word) {
        boolean equal = to - from == word.length();
        for (int i = 0; equal && i < word.length(); i++) {
            equal = bytes[from + i] == word.charAt(i);
        }
        return equal;
    }

    /** Arrays, maps and structs are Spark's: their text goes through from_json. */
    private static Reader nested(DataType type) {
        JsonToStructs fromJson = new JsonToStructs(
                type,
                scala.collection.immutable.Map$.MODULE$.empty(),
                new BoundReference(0, DataTypes.StringType, true),
                Option.apply("UTC"));
        return (bytes, from, to, isText, column, into) -> {
            if (isText) {
                return false;
            }
            Object value = fromJson.eval(new GenericInternalRow(new Object[] {Utf8.text(bytes, from, to)}));
            // it gives its own row again at the next call
            into.objects[column] = org.apache.spark.sql.catalyst.InternalRow.copyValue(value);
            return value != null;
        };
    }
}
