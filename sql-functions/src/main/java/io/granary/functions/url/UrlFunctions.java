package io.granary.functions.url;

import io.granary.functions.SqlFunction;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The functions over URLs. */
public final class UrlFunctions {
    private static final DataType TEXT = DataTypes.StringType;

    public static final List<SqlFunction> ALL = List.of(
            function("url_path", "url_path(url): the path as it was written", "path", TEXT, TEXT),
            function("url_query", "url_query(url): what stands behind the question mark", "query", TEXT, TEXT),
            function("url_host", "url_host(url): the host in small letters", "host", TEXT, TEXT),
            function(
                    "url_parameter",
                    "url_parameter(url, name): the decoded value of the first parameter of that name",
                    "parameter",
                    TEXT,
                    TEXT,
                    TEXT),
            function(
                    "url_parameters",
                    "url_parameters(url): a map of all parameters, decoded, the first value of each name",
                    "parameters",
                    DataTypes.createMapType(TEXT, TEXT, false),
                    TEXT));

    private UrlFunctions() {}

    private static SqlFunction function(
            String name, String usage, String method, DataType returned, DataType... arguments) {
        return SqlFunction.of(name, usage, Urls.class, method, returned, arguments);
    }
}
