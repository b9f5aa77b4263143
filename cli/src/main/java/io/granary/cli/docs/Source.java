package io.granary.cli.docs;

import io.granary.cli.project.SqlTokens;
import java.util.Locale;
import java.util.Set;

/** Source text with its words told apart. */
final class Source {
    private static final Set<String> KEYWORDS = Set.of(
            ("ALL AND ANTI ANY ARRAY AS ASC BETWEEN BY CASE CAST CROSS CURRENT DATE DESC DISTINCT ELSE END EXCEPT EXISTS "
                            + "FALSE FILTER FOLLOWING FROM FULL GROUP HAVING IN INNER INTERSECT INTERVAL IS JOIN LATERAL LEFT "
                            + "LIKE LIMIT NOT NULL NULLS ON OR ORDER OUTER OVER PARTITION PRECEDING QUALIFY RANGE RIGHT RLIKE "
                            + "ROW ROWS SELECT SEMI STRUCT THEN TIMESTAMP TRUE UNBOUNDED UNION USING VALUES VIEW WHEN WHERE "
                            + "WINDOW WITH")
                    .split(" "));

    private Source() {}

    static Html sql(String sql) {
        Html html = new Html();
        for (SqlTokens.Token token : SqlTokens.of(sql)) {
            String kind = switch (token.kind()) {
                case COMMENT -> "c";
                case TEXT -> "s";
                case NUMBER -> "n";
                case PARAMETER -> "p";
                case WORD -> KEYWORDS.contains(token.text().toUpperCase(Locale.ROOT)) ? "k" : null;
                case OTHER -> null;
            };
            if (kind == null) {
                html.text(token.text());
            } else {
                html.element("span", token.text(), "class", kind);
            }
        }
        return html;
    }

    static Html yaml(String yaml) {
        Html html = new Html();
        for (String line : yaml.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (line.stripLeading().startsWith("#")) {
                html.element("span", line, "class", "c");
            } else if (colon > 0 && line.substring(0, colon).matches("[ -]*[A-Za-z_]+")) {
                html.element("span", line.substring(0, colon), "class", "k").text(line.substring(colon));
            } else {
                html.text(line);
            }
            html.text("\n");
        }
        return html;
    }
}
