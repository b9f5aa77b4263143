package io.granary.cli;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportColumn;
import io.granary.warehouse.manifest.ReportNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.manifest.TestNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Two subjects; what people write in them tries to break out of a page. */
public final class SmallWarehouse {
    public static final String NASTY = "<script>alert('x')</script> & \"quoted\" </title>";

    private SmallWarehouse() {}

    /** A state folder with this warehouse's manifest. */
    public static Home home(Path folder) {
        Home home = new Home(folder.resolve("home"));
        manifest().write(home.manifest());
        return home;
    }

    static Manifest manifest() {
        List<ColumnNode> hit = List.of(
                column("site", "Site. " + NASTY), column("visitor_id", "Visitor."), column("status", "Status."));
        List<ColumnNode> day = List.of(column("site", "Site."), column("hits", "Requests."));
        return new Manifest(
                Manifest.VERSION,
                "small",
                Instant.parse("2026-11-21T20:00:00Z"),
                "0123456789abcdef",
                List.of(
                        new SubjectNode("mail", "mail-team", "Letters.", "daily", "Asia/Shanghai", "mail"),
                        new SubjectNode("web", "web-team", NASTY, "daily", "UTC", "web")),
                List.of(new SourceNode(
                        "source.web.log",
                        "web",
                        "log",
                        "log",
                        "Access logs.",
                        "ods.ods_web_log_hi",
                        List.of("ds", "hh"),
                        "UTC",
                        "combined",
                        "event_at",
                        "granary.web.log",
                        false,
                        List.of(),
                        hit,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)),
                List.of(
                        model("web", "dwd", "dwd_web_hit_di", "ods.ods_web_log_hi", hit, "site"),
                        model("web", "dws", "dws_web_site_1d", "dwd.dwd_web_hit_di", day, "site"),
                        model("web", "ads", "ads_web_overview", "dws.dws_web_site_1d", day, "site"),
                        model("mail", "ads", "ads_mail_reach", "dws.dws_web_site_1d", day, "site")),
                List.of(new CounterNode(
                        "counter.web.hit",
                        "web",
                        "hit",
                        "Hits.",
                        "dwd.dwd_web_hit_di",
                        "event_at",
                        "status < 400",
                        List.of("site"),
                        List.of("1m"),
                        List.of(new MeasureNode("visitors", "distinct", "visitor_id", true)))),
                List.of(new ExportNode(
                        "export.web.overview",
                        "web",
                        "overview",
                        "Overview.",
                        "ads.ads_web_overview",
                        "share",
                        "web_overview",
                        List.of("ds", "site"))),
                List.of(new ReportNode(
                        "report.web.overview",
                        "web",
                        "overview",
                        "Overview",
                        "Hits.",
                        "ads.ads_web_overview",
                        "share",
                        "web_overview",
                        List.of(new ReportColumn("hits", "Requests <b>")))),
                List.of(
                        new Edge("source.web.log", "model.dwd_web_hit_di"),
                        new Edge("model.dwd_web_hit_di", "model.dws_web_site_1d"),
                        new Edge("model.dws_web_site_1d", "model.ads_web_overview"),
                        new Edge("model.dws_web_site_1d", "model.ads_mail_reach"),
                        new Edge("model.dwd_web_hit_di", "counter.web.hit"),
                        new Edge("model.ads_web_overview", "export.web.overview"),
                        new Edge("export.web.overview", "report.web.overview")));
    }

    private static ColumnNode column(String name, String description) {
        return new ColumnNode(name, name.equals("hits") ? "bigint" : "string", false, description);
    }

    private static ModelNode model(
            String subject, String layer, String name, String input, List<ColumnNode> columns, String unique) {
        String sql = "-- a day, not :ds\nSELECT t.site, ':ds' AS text\nFROM " + input + " AS t\nWHERE t.ds = :ds";
        return new ModelNode(
                "model." + name,
                subject,
                layer,
                name,
                layer + "." + name,
                "subjects/" + subject + "/models/" + layer + "/" + name + ".sql",
                sql,
                "What " + NASTY,
                subject + "-team",
                "one row per " + unique,
                List.of(unique),
                List.of("ds"),
                "incremental",
                false,
                layer.equals("dws") ? "public" : "private",
                List.of("ds"),
                List.of(input),
                columns,
                "hash",
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        new TestNode("test." + name + ".unique", "unique", List.of(unique), Map.of(), null, "fail"),
                        new TestNode(
                                "test." + name + ".rows",
                                "row_count",
                                List.of(),
                                Map.of("min", 1),
                                "site <> 'x'",
                                "warn")),
                Map.of("site", List.of(input + ".site")),
                Map.of());
    }
}
