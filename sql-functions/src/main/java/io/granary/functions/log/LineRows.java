package io.granary.functions.log;

import io.granary.warehouse.log.format.FormatColumn;
import io.granary.warehouse.log.format.LineFormat;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode$;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Enumeration;
import scala.collection.IndexedSeq;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.TraversableOnce;

/**
 * Lines read by a format, one row a line: of a chunk, or of one line. The optimizer ({@link PruneColumns}) takes out the
 * columns that a query does not read, and what is not wanted is not decoded, or not even looked at.
 *
 * <p>It keeps no state from one chunk to the next, so a plan may run it as often as it likes. A Catalyst expression written
 * in Java says itself what the Scala compiler adds for others ({@code Serializable}, the trait's initializer and its
 * setter), and {@code productElement} lists exactly the constructor's arguments.
 */
public final class LineRows extends Expression implements Generator, Serializable {
    private static final long serialVersionUID = 1L;

    private final LineFunction function;
    private final Seq<Expression> arguments;
    private final String format;
    private final String zone;
    private final StructType schema;
    private Seq<Enumeration.Value> nodePatterns;

    /**
     * @param format as {@link LineFormat#of} reads it
     * @param schema those of the function's columns that are wanted
     */
    @SuppressWarnings("this-escape")
    public LineRows(LineFunction function, Seq<Expression> arguments, String format, String zone, StructType schema) {
        this.function = function;
        this.arguments = arguments;
        this.format = format;
        this.zone = zone;
        this.schema = schema;
        Generator.$init$(this);
    }

    LineRows with(StructType wanted) {
        return new LineRows(function, arguments, format, zone, wanted);
    }

    /** What reads lines; public for generated code. */
    public ChunkRows rows() {
        return new ChunkRows(row(LineFormat.of(format), ZoneId.of(zone), schema, function));
    }

    static LineRow row(LineFormat format, ZoneId zone, StructType schema, LineFunction function) {
        List<String> names = format.columns().stream().map(FormatColumn::name).toList();
        int[] columns = new int[schema.length()];
        DataType[] types = new DataType[columns.length];
        boolean[] wanted = new boolean[names.size()];
        boolean isJudged = false;
        for (int i = 0; i < columns.length; i++) {
            StructField field = schema.fields()[i];
            types[i] = field.dataType();
            int column = names.indexOf(field.name());
            columns[i] = column >= 0 ? column : function.column(field.name());
            if (column >= 0) {
                wanted[column] = true;
            }
            isJudged |= columns[i] == LineRow.REASON || columns[i] == LineRow.DS || columns[i] == LineRow.HH;
        }
        return new LineRow(columns, types, LineValues.of(format, zone, new Wanted(wanted, isJudged)));
    }

    /** What is split: text is taken as the bytes that it is, without a copy. */
    private Expression source() {
        Expression first = arguments.apply(0);
        return first instanceof Cast cast && cast.child().dataType().equals(DataTypes.StringType)
                ? cast.child()
                : first;
    }

    @Override
    public TraversableOnce<InternalRow> eval(InternalRow row) {
        Object source = source().eval(row);
        byte[] bytes = source instanceof UTF8String text ? text.getBytes() : (byte[]) source;
        if (!function.isOfChunks()) {
            return rows().line(bytes);
        }
        Object start = arguments.apply(1).eval(row);
        Object first = arguments.apply(2).eval(row);
        Object mark = arguments.apply(3).eval(row);
        return rows().chunk(
                        bytes,
                        start == null ? 0L : (Long) start,
                        first == null ? 1L : (Long) first,
                        mark == null ? 0L : (Long) mark,
                        (ArrayData) arguments.apply(4).eval(row));
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode result) {
        String self = context.addReferenceObj("lineRows", this, LineRows.class.getName());
        String rows = context.addMutableState(
                ChunkRows.class.getName(), "chunkRows", new Initial(self + ".rows()"), false, true);
        List<Expression> inputs = new ArrayList<>(JavaConverters.seqAsJavaList(arguments));
        inputs.set(0, source());
        List<ExprCode> values =
                inputs.stream().map(input -> input.genCode(context)).toList();
        String nothing = "(" + CodeGenerator.javaType(source().dataType()) + ") null";
        String call = function.isOfChunks()
                ? ".chunk(" + orElse(values.get(0), nothing) + ", " + orElse(values.get(1), "0L") + ", "
                        + orElse(values.get(2), "1L") + ", " + orElse(values.get(3), "0L") + ", "
                        + orElse(values.get(4), "(" + ArrayData.class.getName() + ") null") + ")"
                : ".line(" + orElse(values.get(0), nothing) + ")";
        String lines = context.freshName("lines");
        String split = "\n" + Iterator.class.getName() + " " + lines + " = " + rows + call + ";\n";
        Block code = values.get(0).code();
        for (ExprCode value : values.subList(1, values.size())) {
            code = code.$plus(value.code());
        }
        code = code.$plus(new CodeBlock(seq(List.of(split)), seq(List.of())));
        return result.copy(code, FalseLiteral$.MODULE$, JavaCode$.MODULE$.variable(lines, Iterator.class));
    }

    private static String orElse(ExprCode value, String absent) {
        return "(" + value.isNull() + " ? " + absent + " : " + value.value() + ")";
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        DataType type = arguments.apply(0).dataType();
        return type.equals(DataTypes.BinaryType)
                ? TypeCheckResult.TypeCheckSuccess$.MODULE$
                : new TypeCheckResult.TypeCheckFailure(
                        function.sqlName() + " splits BINARY, its first argument is " + type.sql());
    }

    @Override
    public StructType elementSchema() {
        return schema;
    }

    @Override
    public DataType dataType() {
        return DataTypes.createArrayType(schema, false);
    }

    @Override
    public boolean foldable() {
        return false;
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public boolean supportCodegen() {
        return true;
    }

    @Override
    public TraversableOnce<InternalRow> terminate() {
        return seq(List.of());
    }

    @Override
    public Seq<Enumeration.Value> nodePatterns() {
        return nodePatterns;
    }

    @Override
    @SuppressWarnings({"checkstyle:MethodName", "MethodName"})
    public void org$apache$spark$sql$catalyst$expressions$Generator$_setter_$nodePatterns_$eq(
            Seq<Enumeration.Value> patterns) {
        nodePatterns = patterns;
    }

    @Override
    public Seq<Expression> children() {
        return arguments;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new LineRows(function, children.toSeq(), format, zone, schema);
    }

    @Override
    public int productArity() {
        return 5;
    }

    @Override
    public Object productElement(int index) {
        return List.of(function, arguments, format, zone, schema).get(index);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof LineRows;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LineRows that
                && function == that.function
                && arguments.equals(that.arguments)
                && format.equals(that.format)
                && zone.equals(that.zone)
                && schema.equals(that.schema);
    }

    @Override
    public int hashCode() {
        return Objects.hash(function, arguments, format, zone, schema);
    }

    @Override
    public String prettyName() {
        return function.sqlName();
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
