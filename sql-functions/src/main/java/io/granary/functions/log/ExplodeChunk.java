package io.granary.functions.log;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode$;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Enumeration;
import scala.collection.IndexedSeq;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.TraversableOnce;

/**
 * {@code explode_chunk(body, start, first_line, mark)}: one row per line of a chunk. Lines that begin below {@code mark}
 * are skipped; a NULL mark skips none, a NULL body has no lines. It keeps no state, so a plan may run it as often as it
 * likes.
 *
 * <p>A Catalyst expression written in Java: it says itself what the Scala compiler adds for others ({@code Serializable},
 * the trait's initializer and its setter), and {@code productElement} lists exactly the constructor's arguments.
 */
public final class ExplodeChunk extends Expression implements Generator, Serializable {
    private static final long serialVersionUID = 1L;
    private static final StructType ROW = new StructType()
            .add("line_offset", DataTypes.LongType, false)
            .add("line_number", DataTypes.LongType, false)
            .add("line", DataTypes.BinaryType, false);

    private final Expression body;
    private final Expression start;
    private final Expression firstLine;
    private final Expression mark;
    private Seq<Enumeration.Value> nodePatterns;

    @SuppressWarnings("this-escape")
    public ExplodeChunk(Expression body, Expression start, Expression firstLine, Expression mark) {
        this.body = body;
        this.start = start;
        this.firstLine = firstLine;
        this.mark = mark;
        Generator.$init$(this);
    }

    /** A call in SQL; the optimizer takes the casts away where the type is BIGINT already. */
    static ExplodeChunk of(List<Expression> arguments) {
        return new ExplodeChunk(
                arguments.get(0), bigint(arguments.get(1)), bigint(arguments.get(2)), bigint(arguments.get(3)));
    }

    private static Expression bigint(Expression argument) {
        DataType type = DataTypes.LongType;
        return Cast$.MODULE$.apply(argument, type, false);
    }

    @Override
    public TraversableOnce<InternalRow> eval(InternalRow row) {
        byte[] bytes = (byte[]) body.eval(row);
        Object from = start.eval(row);
        Object first = firstLine.eval(row);
        Object below = mark.eval(row);
        return ChunkLines.of(
                bytes,
                from == null ? 0L : (Long) from,
                first == null ? 1L : (Long) first,
                below == null ? 0L : (Long) below);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode result) {
        ExprCode bytes = body.genCode(context);
        ExprCode from = start.genCode(context);
        ExprCode first = firstLine.genCode(context);
        ExprCode below = mark.genCode(context);
        String lines = context.freshName("lines");
        String type = Iterator.class.getName();
        String split = "\n" + type + " " + lines + " = " + ChunkLines.class.getName() + ".of("
                + orElse(bytes, "(byte[]) null") + ", " + orElse(from, "0L") + ", " + orElse(first, "1L") + ", "
                + orElse(below, "0L") + ");\n";
        Block code = bytes.code()
                .$plus(from.code())
                .$plus(first.code())
                .$plus(below.code())
                .$plus(new CodeBlock(seq(List.of(split)), seq(List.of())));
        return result.copy(code, FalseLiteral$.MODULE$, JavaCode$.MODULE$.variable(lines, Iterator.class));
    }

    private static String orElse(ExprCode value, String absent) {
        return "(" + value.isNull() + " ? " + absent + " : " + value.value() + ")";
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        if (body.dataType().equals(DataTypes.BinaryType)) {
            return TypeCheckResult.TypeCheckSuccess$.MODULE$;
        }
        return new TypeCheckResult.TypeCheckFailure("explode_chunk splits BINARY, its first argument is "
                + body.dataType().sql());
    }

    @Override
    public StructType elementSchema() {
        return ROW;
    }

    @Override
    public DataType dataType() {
        return new ArrayType(ROW, false);
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
        return seq(List.of(body, start, firstLine, mark));
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new ExplodeChunk(children.apply(0), children.apply(1), children.apply(2), children.apply(3));
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int index) {
        return children().apply(index);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ExplodeChunk;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExplodeChunk that && children().equals(that.children());
    }

    @Override
    public int hashCode() {
        return Objects.hash(body, start, firstLine, mark);
    }

    @Override
    public String prettyName() {
        return "explode_chunk";
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
