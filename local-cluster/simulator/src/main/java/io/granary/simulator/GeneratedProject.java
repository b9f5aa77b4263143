package io.granary.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A project of any number of models, for measurements: chains of five (two DWD, two DWS, one ADS) over one log source,
 * with joins, aggregates and data tests.
 */
public final class GeneratedProject {
    private static final String SUBJECT = """
            name: %1$s
            owner: team
            description: Generated.
            cadence: daily
            time_zone: UTC
            alert_group: team
            """;
    private static final String SOURCE = """
            type: log
            description: Access logs.
            format: combined
            inbox: true
            """;
    private static final String HEAD = """
            description: Generated.
            owner: team
            grain: one row per key
            unique: [%s]
            partition: [ds]
            materialization: incremental
            access: public
            """;
    private static final String HIT_SQL = """
            -- Requests, typed. Grain: one row per line.
            SELECT
                h.region, h.site, h.host, h.file, h.line_offset, h.event_at, h.client_ip, h.status, h.bytes,
                substring_index(h.url, '?', 1) AS path,
                sha2(concat_ws('|', h.site, h.client_ip, coalesce(h.user_agent, '')), 256) AS visitor_id,
                coalesce(h.method = 'GET' AND h.status IN (200, 304), FALSE) AS is_page_view
            FROM ods.ods_%1$s_web_hi AS h
            WHERE h.ds = :ds
            """;
    private static final String HIT_COLUMNS = """
            columns:
              - {name: region, type: string, description: Region.}
              - {name: site, type: string, description: Site.}
              - {name: host, type: string, description: Host.}
              - {name: file, type: string, description: File.}
              - {name: line_offset, type: bigint, description: Offset.}
              - {name: event_at, type: timestamp, description: Time.}
              - {name: client_ip, type: string, description: Address.}
              - {name: status, type: int, description: Status.}
              - {name: bytes, type: bigint, description: Bytes.}
              - {name: path, type: string, description: Path.}
              - {name: visitor_id, type: string, description: Visitor.}
              - {name: is_page_view, type: boolean, description: Whether a page view.}
            tests:
              - not_null: [site, event_at]
              - in_range: {column: status, min: 100, max: 599}
            """;
    private static final String VIEW_SQL = """
            -- Page views with the number of their visitor. Grain: one row per page view.
            WITH hits AS (
                SELECT site, visitor_id, path, event_at, bytes FROM dwd.dwd_%1$s_hit%2$d_di WHERE ds = :ds AND is_page_view
            )

            SELECT
                site, visitor_id, path, event_at, bytes,
                row_number() OVER (PARTITION BY visitor_id ORDER BY event_at) AS position
            FROM hits
            """;
    private static final String VIEW_COLUMNS = """
            columns:
              - {name: site, type: string, description: Site.}
              - {name: visitor_id, type: string, description: Visitor.}
              - {name: path, type: string, description: Path.}
              - {name: event_at, type: timestamp, description: Time.}
              - {name: bytes, type: bigint, description: Bytes.}
              - {name: position, type: int, description: Number within the visitor.}
            """;
    private static final String SITE_SQL = """
            -- Traffic by site. Grain: one row per site.
            WITH views AS (
                SELECT site, visitor_id, bytes FROM dwd.dwd_%1$s_view%2$d_di WHERE ds = :ds
            ),

            errors AS (
                SELECT site, count(*) AS errors FROM dwd.dwd_%1$s_hit%2$d_di WHERE ds = :ds AND status >= 500 GROUP BY site
            )

            SELECT
                v.site,
                count(*) AS page_views,
                count(DISTINCT v.visitor_id) AS visitors,
                CAST(coalesce(sum(v.bytes), 0) AS BIGINT) AS bytes,
                CAST(coalesce(max(e.errors), 0) AS BIGINT) AS errors
            FROM views AS v
            LEFT JOIN errors AS e ON v.site = e.site
            GROUP BY v.site
            """;
    private static final String WEEK_SQL = """
            -- Traffic of seven days by site. Grain: one row per site.
            SELECT
                site,
                CAST(sum(page_views) AS BIGINT) AS page_views,
                CAST(sum(visitors) AS BIGINT) AS visitors,
                CAST(sum(bytes) AS BIGINT) AS bytes,
                CAST(sum(errors) AS BIGINT) AS errors
            FROM dws.dws_%1$s_site%2$d_1d
            WHERE ds > CAST(date_sub(:ds, 7) AS STRING) AND ds <= :ds
            GROUP BY site
            """;
    private static final String REPORT_SQL = """
            -- The report. Grain: one row per site.
            SELECT site, page_views, visitors, bytes, errors FROM dws.dws_%1$s_site%2$d_7d WHERE ds = :ds
            """;
    private static final String SITE_COLUMNS = """
            columns:
              - {name: site, type: string, description: Site.}
              - {name: page_views, type: bigint, description: Page views.}
              - {name: visitors, type: bigint, description: Visitors.}
              - {name: bytes, type: bigint, description: Bytes.}
              - {name: errors, type: bigint, description: Errors.}
            tests:
              - expression: "visitors <= page_views"
            """;

    private final Path root;

    /** @param root folder to write it into */
    public GeneratedProject(Path root) {
        this.root = root;
    }

    /** @param models rounded up to a whole number of chains */
    public void write(int models) throws IOException {
        for (int chain = 0; chain * 5 < models; chain++) {
            String subject = "s" + chain / 4;
            if (chain % 4 == 0) {
                file(subject, "subject.yaml", SUBJECT.formatted(subject));
                file(subject, "sources/web.yaml", SOURCE);
            }
            model(subject, "dwd_%s_hit%d_di", chain, HIT_SQL, HEAD.formatted("file, line_offset") + HIT_COLUMNS);
            model(subject, "dwd_%s_view%d_di", chain, VIEW_SQL, HEAD.formatted("visitor_id, position") + VIEW_COLUMNS);
            model(subject, "dws_%s_site%d_1d", chain, SITE_SQL, HEAD.formatted("site") + SITE_COLUMNS);
            model(subject, "dws_%s_site%d_7d", chain, WEEK_SQL, HEAD.formatted("site") + SITE_COLUMNS);
            model(subject, "ads_%s_site%d", chain, REPORT_SQL, HEAD.formatted("site") + SITE_COLUMNS);
        }
    }

    private void model(String subject, String name, int chain, String sql, String yaml) throws IOException {
        String table = name.formatted(subject, chain);
        String path = "models/" + table.substring(0, 3) + "/" + table;
        file(subject, path + ".sql", sql.formatted(subject, chain));
        file(subject, path + ".yaml", yaml);
    }

    private void file(String subject, String path, String text) throws IOException {
        Path file = root.resolve("subjects").resolve(subject).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
