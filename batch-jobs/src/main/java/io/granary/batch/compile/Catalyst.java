package io.granary.batch.compile;

import io.granary.functions.GranaryExtensions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.FakeV2SessionCatalog$;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.NameParameterizedQuery;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.optimizer.InlineCTE;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias$;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * Catalyst's Analyzer over tables that exist by their schemas only: no session, no context, no data. Columns of its
 * relations carry the table they belong to, in their metadata, through the whole plan.
 */
final class Catalyst {
    /** Key of a column's metadata: its table, {@code database.table}. */
    static final String TABLE = "granary.table";

    static final String UNKNOWN_FUNCTION = "a function is called that is not known";

    private static final Logger LOG = LoggerFactory.getLogger(Catalyst.class);

    private final SQLConf settings = new SQLConf();
    private final FunctionRegistry functions =
            FunctionRegistry$.MODULE$.builtin().clone();
    private final TableFunctionRegistry tableFunctions =
            TableFunctionRegistry$.MODULE$.builtin().clone();
    private final Map<String, StructType> tables;
    private final Analyzer analyzer;

    /** @param tables schemas by {@code database.table}, the partition columns among them; may grow while it is used */
    Catalyst(Map<String, StructType> tables) {
        this.tables = tables;
        // As the sessions that run the models: ANSI only reserves words when the text is parsed.
        settings.setConfString("spark.sql.session.timeZone", "UTC");
        SparkSessionExtensions extensions = new SparkSessionExtensions();
        new GranaryExtensions().apply(extensions);
        extensions.registerFunctions(functions);
        analyzer = new ProjectAnalyzer(catalogs());
    }

    /** Analyzes a small query, so that the classes that any model needs are loaded. */
    static void warm() {
        try {
            StructType schema = new StructType().add("a", "string").add("ds", "string");
            Catalyst catalyst = new Catalyst(Map.of("d.t", schema));
            String sql = "WITH x AS (SELECT a, coalesce(a, '') AS b FROM d.t WHERE ds = :ds)"
                    + " SELECT x.a, count(*) AS n, CAST(max(b) AS BIGINT) AS m FROM x LEFT JOIN d.t ON x.a = t.a"
                    + " WHERE ds = '2000-01-01' GROUP BY x.a";
            catalyst.analyze(CatalystSqlParser$.MODULE$.parsePlan(sql), Map.of("ds", "2000-01-01"));
        } catch (Exception e) {
            LOG.debug("no warm-up", e);
        }
    }

    private CatalogManager catalogs() {
        SessionCatalog session = new SessionCatalog(
                new InMemoryCatalog(new SparkConf(false), new Configuration(false)), functions, tableFunctions);
        return new CatalogManager(FakeV2SessionCatalog$.MODULE$, session);
    }

    /** Whether Spark or Granary has a function of this name. */
    boolean hasFunction(String name) {
        FunctionIdentifier identifier = FunctionIdentifier.apply(name);
        return functions.functionExists(identifier) || tableFunctions.functionExists(identifier);
    }

    /** Gives the columns of a table another name too; false when they are not known. */
    boolean rename(String table, String name) {
        StructType schema = tables.get(table);
        if (schema != null) {
            tables.put(name, schema);
        }
        return schema != null;
    }

    TreeSet<String> functionNames() {
        TreeSet<String> names = new TreeSet<>();
        list(functions.listFunction()).forEach(function -> names.add(function.funcName()));
        return names;
    }

    /**
     * The plan with every name and type resolved and CTEs put in place.
     *
     * @param parameters values of the named parameters
     */
    LogicalPlan analyze(LogicalPlan parsed, Map<String, String> parameters) throws AnalysisException {
        return SQLConf.withExistingConf(settings, () -> resolve(parsed, parameters));
    }

    private LogicalPlan resolve(LogicalPlan parsed, Map<String, String> parameters) {
        scala.collection.immutable.Map<String, Expression> values = scala.collection.immutable.Map$.MODULE$.empty();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            values = values.$plus(
                    new Tuple2<>(parameter.getKey(), (Expression) Literal$.MODULE$.apply(parameter.getValue())));
        }
        LogicalPlan bound = parameters.isEmpty() ? parsed : new NameParameterizedQuery(parsed, values);
        LogicalPlan analyzed = analyzer.executeAndCheck(bound, new QueryPlanningTracker(Option.empty()));
        return new InlineCTE(true).apply(analyzed);
    }

    /** The relation of a table; each call makes columns of their own. */
    private Optional<LogicalPlan> relation(UnresolvedRelation unresolved) {
        List<String> parts = list(unresolved.multipartIdentifier());
        String table = String.join(".", parts).toLowerCase(java.util.Locale.ROOT);
        StructType schema = tables.get(table);
        if (schema == null) {
            return Optional.empty();
        }
        Metadata origin = new MetadataBuilder().putString(TABLE, table).build();
        List<Attribute> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            columns.add(new AttributeReference(
                    field.name(), field.dataType(), true, origin, NamedExpression.newExprId(), seq(List.of())));
        }
        LogicalPlan relation = new LocalRelation(seq(columns), seq(List.<InternalRow>of()), false);
        return Optional.of(
                SubqueryAlias$.MODULE$.apply(seq(List.of("spark_catalog", parts.get(0), parts.get(1))), relation));
    }

    static <T> List<T> list(Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }

    static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(new ArrayList<>(list)).toSeq();
    }

    /** An Analyzer that finds the project's tables. */
    private final class ProjectAnalyzer extends Analyzer {
        ProjectAnalyzer(CatalogManager catalogs) {
            super(catalogs);
        }

        @Override
        public Seq<Rule<LogicalPlan>> extendedResolutionRules() {
            return seq(List.<Rule<LogicalPlan>>of(new ProjectRelations()));
        }
    }

    private final class ProjectRelations extends Rule<LogicalPlan> {
        @Override
        public LogicalPlan apply(LogicalPlan plan) {
            return plan.resolveOperatorsUp(new ProjectRelation());
        }
    }

    private final class ProjectRelation extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean isDefinedAt(LogicalPlan plan) {
            return plan instanceof UnresolvedRelation relation
                    && relation.multipartIdentifier().size() == 2
                    && relation(relation).isPresent();
        }

        @Override
        @SuppressWarnings("unchecked")
        public <A extends LogicalPlan, B> B applyOrElse(A plan, scala.Function1<A, B> otherwise) {
            if (plan instanceof UnresolvedRelation relation
                    && relation.multipartIdentifier().size() == 2) {
                Optional<LogicalPlan> found = relation(relation);
                if (found.isPresent()) {
                    return (B) found.get();
                }
            }
            return otherwise.apply(plan);
        }
    }
}
