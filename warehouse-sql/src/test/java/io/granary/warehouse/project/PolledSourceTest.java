package io.granary.warehouse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolledSourceTest {
    @TempDir
    private Path folder;

    @Test
    void isALogWithWhatThePollerSaysOfEachRowInFront() throws IOException {
        LogSource source = source("poll: {connection: shop, table: orders, watermark: updated_at, key: [order_id]}");
        assertThat(source.table()).isEqualTo("ods.ods_shop_change_hi");
        assertThat(source.eventTime()).isEqualTo("_change_at");
        assertThat(source.columns())
                .extracting(ColumnNode::name)
                .containsExactly("_sequence", "_change_at", "order_id");
        assertThat(source.poll())
                .isEqualTo(new Poll(
                        "shop", "orders", "updated_at", List.of("order_id"), "5s", "30s", null, "UTC", "shop", null));
    }

    @Test
    void aChangeTableSaysWhatWasDeleted() throws IOException {
        LogSource source = source("poll: {connection: shop, table: log.orders, watermark: id, key: [id], overlap: 1000,"
                + " every: 1s, deleted: op, time_zone: Asia/Shanghai, site: main, hosts: web}\nevent_time: changed_at");
        assertThat(source.eventTime()).isEqualTo("changed_at");
        assertThat(source.columns())
                .extracting(ColumnNode::name)
                .containsExactly("_sequence", "_change_at", "_deleted", "order_id", "changed_at");
        assertThat(source.poll())
                .isEqualTo(new Poll(
                        "shop", "log.orders", "id", List.of("id"), "1s", "1000", "op", "Asia/Shanghai", "main", "web"));
    }

    private LogSource source(String poll) throws IOException {
        Path project = ProjectCases.lay(ProjectCases.folder("base"), folder.resolve("project"));
        Files.writeString(project.resolve("subjects/shop/sources/change.yaml"), """
                type: log
                description: Changed orders.
                format: json
                columns:
                  - {name: order_id, type: bigint, required: true, description: Id.}
                  %s
                %s
                """.formatted(
                poll.contains("event_time") ? "- {name: changed_at, type: timestamp, description: When.}" : "", poll));
        return ProjectLoader.load(project).sources().stream()
                .filter(s -> s.name().equals("change"))
                .map(LogSource.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
