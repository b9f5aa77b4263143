package io.granary.warehouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.SourceNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log source may declare; the SQL itself runs in batch-jobs' tests, where Spark is. */
class LogSourceColumnsTest {
    private static final ColumnNode EVENT_AT = new ColumnNode("event_at", "timestamp", true, "Time.");

    @Test
    void combinedHasTheColumnsOfTheContract() {
        assertThat(LogRelation.columns(source("combined", "event_at", List.of())))
                .extracting(c -> c.name() + " " + c.type())
                .containsExactly(
                        "client_ip string",
                        "user_name string",
                        "event_at timestamp",
                        "method string",
                        "url string",
                        "protocol string",
                        "status int",
                        "bytes bigint",
                        "referrer string",
                        "user_agent string");
    }

    @Test
    void jsonHasTheColumnsOfTheSource() {
        assertThat(LogRelation.columns(source("json", "event_at", List.of(EVENT_AT))))
                .containsExactly(EVENT_AT);
    }

    @Test
    void refusesWhatCannotBeATable() {
        assertRefused(
                source("csv", "event_at", List.of()), "format 'csv' is unknown; known formats: combined, common, json");
        assertRefused(source("json", "at", List.of(EVENT_AT)), "event_time is 'at'");
        assertRefused(
                source("json", "name", List.of(new ColumnNode("name", "string", true, ""))), "event_time is 'name'");
        assertRefused(
                source("json", "event_at", List.of(EVENT_AT, new ColumnNode("site", "string", false, ""))),
                "column 'site' cannot be named so");
        assertRefused(
                source("json", "event_at", List.of(EVENT_AT, new ColumnNode("a`b", "string", false, ""))),
                "column 'a`b' cannot be named so");
        assertRefused(source("json", "event_at", List.of(EVENT_AT, EVENT_AT)), "'event_at' is there twice");
    }

    private static void assertRefused(SourceNode source, String message) {
        assertThatThrownBy(() -> LogRelation.columns(source))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("source.t.s")
                .hasMessageContaining(message);
    }

    private static SourceNode source(String format, String eventTime, List<ColumnNode> columns) {
        return SourceNode.of("log", "t", "s")
                .hourly()
                .table("ods.ods_t_s_hi")
                .format(format)
                .eventTime(eventTime)
                .topic("granary.t.s")
                .columns(columns)
                .node();
    }
}
