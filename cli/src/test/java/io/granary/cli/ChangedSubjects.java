package io.granary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is written into a copy of the reference warehouse to change its counters.
 *
 * @param project its folder
 */
record ChangedSubjects(Path project) {
    private static final List<String> ADS = List.of("click", "creative", "impression");

    /** Traffic gets two counters; the ad log loses all that it has, and so its query. */
    void addAndRemove() throws IOException {
        write(
                "traffic/counters/asked.yaml",
                counter("dwd_traffic_hit_di", "where: is_page_view\nby: [site]", "1h, 1d"));
        write("traffic/counters/fresh.yaml", counter("dwd_traffic_hit_di", "by: [site, status]", "1h, total"));
        for (String name : ADS) {
            Files.move(ads(name), aside(name));
        }
    }

    /** The ad log has its counters again, one that was over the other log, and one that is over a dimension of the shop. */
    void bringBackAndMove() throws IOException {
        for (String name : ADS) {
            Files.move(aside(name), ads(name));
        }
        write("traffic/counters/asked.yaml", counter("dwd_ads_click_di", "by: [site]", "1h, 1d"));
        write("ads/models/dwd/dwd_ads_province_click_di.sql", """
                -- Clicks with the province of who clicked. Grain: one row per click.
                -- Late rows: the day they belong to is built again.
                SELECT
                    e.region,
                    e.host,
                    e.file,
                    e.line_offset,
                    e.event_at,
                    coalesce(u.province, '-') AS province
                FROM ods.ods_ads_ad_event_hi AS e
                LEFT JOIN dim.dim_user_df AS u
                    ON u.user_id = CAST(e.user_id AS BIGINT)
                    AND u.ds = :ds
                WHERE e.ds = :ds
                    AND e.event_type = 'click'
                """);
        write("ads/models/dwd/dwd_ads_province_click_di.yaml", """
                description: Clicks with the province of who clicked.
                owner: ads-team
                grain: one row per click
                unique: [region, host, file, line_offset]
                partition: [ds]
                materialization: incremental
                streamable: true
                columns:
                  - {name: region, type: string, description: Region in which the line was collected.}
                  - {name: host, type: string, description: Host that wrote the log.}
                  - {name: file, type: string, description: Generation id of the log file.}
                  - {name: line_offset, type: bigint, description: Offset of the line in its file.}
                  - {name: event_at, type: timestamp, description: Time of the event.}
                  - {name: province, type: string, description: Province of the user's address.}
                """);
        write("ads/counters/province.yaml", counter("dwd_ads_province_click_di", "by: [province]", "1d"));
    }

    private static String counter(String from, String what, String windows) {
        return """
                description: For a test.
                from: %s
                time: event_at
                %s
                windows: [%s]
                measures:
                  - {name: seen, type: count}
                ttl: 40d
                """.formatted(from, what, windows);
    }

    private Path ads(String counter) {
        return file("ads/counters/" + counter + ".yaml");
    }

    private Path aside(String counter) {
        return project.resolve(counter + ".yaml");
    }

    private Path file(String name) {
        return project.resolve("subjects").resolve(name);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(file(name), content);
    }
}
