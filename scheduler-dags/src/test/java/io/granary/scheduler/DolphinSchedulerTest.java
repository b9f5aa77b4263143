package io.granary.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.scheduler.Workflow.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DolphinSchedulerTest {
    private static final long SEAL_CODE = 528751684219693L;

    private static final Workflow WORKFLOW = new Workflow(
            1,
            "daily",
            "0 2 * * *",
            "Europe/Berlin",
            List.of(
                    new Task("seal.a", List.of("granary", "seal", "a"), List.of()),
                    new Task("sync.b", List.of("granary", "sync", "--select", "subject:b", "--ds", "${ds}"), List.of()),
                    new Task("odd.c", List.of("granary", "sql", "-e", "SELECT 'x' || $y"), List.of()),
                    new Task("build.a", List.of("granary", "build", "--ds", "${ds}"), List.of("seal.a", "sync.b")),
                    new Task("export.a", List.of("granary", "export", "--ds", "${ds}"), List.of("build.a"))));

    private final ObjectNode definition = DolphinScheduler.definition(WORKFLOW, "analysts");

    @Test
    void hasTheParametersOfTheCall() {
        assertThat(definition.fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "description",
                        "globalParams",
                        "locations",
                        "timeout",
                        "tenantCode",
                        "taskRelationJson",
                        "taskDefinitionJson",
                        "executionType",
                        "schedule");
        assertThat(definition.path("tenantCode").asText()).isEqualTo("analysts");
        assertThat(definition.path("globalParams"))
                .hasToString(
                        "[{\"prop\":\"ds\",\"direct\":\"IN\",\"type\":\"VARCHAR\",\"value\":\"$[yyyy-MM-dd-1]\"}]");
        assertThat(definition.path("schedule").path("crontab").asText()).isEqualTo("0 0 2 * * ? *");
        assertThat(definition.path("schedule").path("timezoneId").asText()).isEqualTo("Europe/Berlin");
    }

    @Test
    void relatesTheTasksAsTheWorkflowDoes() {
        Map<Long, String> names = new HashMap<>();
        names.put(0L, "-");
        definition
                .path("taskDefinitionJson")
                .forEach(t ->
                        names.put(t.path("code").longValue(), t.path("name").asText()));
        List<String> relations = new ArrayList<>();
        for (JsonNode relation : definition.path("taskRelationJson")) {
            long before = relation.path("preTaskCode").longValue();
            assertThat(relation.path("preTaskVersion").intValue()).isEqualTo(before == 0 ? 0 : 1);
            assertThat(relation.path("postTaskVersion").intValue()).isEqualTo(1);
            relations.add(names.get(before) + " -> "
                    + names.get(relation.path("postTaskCode").longValue()));
        }
        assertThat(relations)
                .containsExactlyInAnyOrder(
                        "- -> seal.a",
                        "- -> sync.b",
                        "- -> odd.c",
                        "seal.a -> build.a",
                        "sync.b -> build.a",
                        "build.a -> export.a");
    }

    @Test
    void givesEveryTaskACodeOfItsOwnThatStays() {
        List<Long> codes = new ArrayList<>();
        definition
                .path("taskDefinitionJson")
                .forEach(t -> codes.add(t.path("code").longValue()));

        assertThat(codes)
                .doesNotHaveDuplicates()
                .allSatisfy(code -> assertThat(code.toString()).matches("\\d{14,15}"));
        // Written down: a definition that is deployed knows its tasks by these numbers.
        assertThat(codes.get(0)).isEqualTo(SEAL_CODE);
        Workflow smaller = new Workflow(
                1, "daily", "0 2 * * *", "UTC", List.of(WORKFLOW.tasks().get(1)));
        assertThat(DolphinScheduler.definition(smaller, "x")
                        .at("/taskDefinitionJson/0/code")
                        .longValue())
                .isEqualTo(codes.get(1));
    }

    @Test
    void writesScriptsThatAShellReads() {
        assertThat(definition.path("taskDefinitionJson").findValuesAsText("rawScript"))
                .containsExactly(
                        "granary seal a",
                        "granary sync --select subject:b --ds ${ds}",
                        "granary sql -e 'SELECT '\\''x'\\'' || $y'",
                        "granary build --ds ${ds}",
                        "granary export --ds ${ds}");
    }

    @Test
    void laysTasksOutByDepthWithoutOverlap() {
        Set<String> places = new HashSet<>();
        List<Integer> columns = new ArrayList<>();
        for (JsonNode location : definition.path("locations")) {
            columns.add(location.path("x").intValue());
            places.add(location.path("x") + "," + location.path("y"));
        }
        assertThat(places).hasSize(5);
        assertThat(columns.subList(0, 3)).containsOnly(columns.get(0));
        assertThat(columns.get(3)).isGreaterThan(columns.get(0));
        assertThat(columns.get(4)).isGreaterThan(columns.get(3));
    }
}
