package io.granary.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.scheduler.Workflow.Task;
import io.granary.warehouse.text.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A workflow in DolphinScheduler 3.1's words: the form parameters of
 * {@code POST /projects/{project}/process-definition}, and as {@code schedule} that of {@code POST …/schedules}.
 */
final class DolphinScheduler {
    /** How to send what {@link #definition} gives. */
    static final List<String> HOW_TO_SEND = List.of(
            "Send it to DolphinScheduler 3.1 as application/x-www-form-urlencoded with the header token:",
            "  POST /dolphinscheduler/projects/{project}/process-definition",
            "    every field but schedule; a field that is a list goes as its JSON text",
            "  POST /dolphinscheduler/projects/{project}/process-definition/{code}/release  releaseState=ONLINE",
            "  POST /dolphinscheduler/projects/{project}/schedules",
            "    processDefinitionCode={code}, schedule=<the field schedule as JSON text>",
            "The worker needs `granary` on its PATH and GRANARY_HOME, GRANARY_PROFILE in its environment.");

    private static final int VERSION = 1;
    private static final int COLUMN = 260;
    private static final int ROW = 110;
    /** Codes have 14 or 15 digits: as long as DolphinScheduler's own, and exact in JavaScript. */
    private static final long FIRST_CODE = 10_000_000_000_000L;

    private static final long CODES = 990_000_000_000_000L;
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_./:,=@%+${}-]+");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Workflow workflow;
    private final String tenant;
    private final Map<String, Long> codes;

    private DolphinScheduler(Workflow workflow, String tenant) {
        this.workflow = workflow;
        this.tenant = tenant;
        this.codes = codes(workflow);
    }

    /** The definition, nested JSON as real JSON. {@code tenant}: the operating system's user that tasks run as. */
    static ObjectNode definition(Workflow workflow, String tenant) {
        return new DolphinScheduler(workflow, tenant).definition();
    }

    private ObjectNode definition() {
        ObjectNode definition = JSON.objectNode();
        definition.put("name", workflow.name());
        definition.put("description", "Compiled by granary from its manifest; changes made here are lost.");
        definition
                .putArray("globalParams")
                .addObject()
                .put("prop", "ds")
                .put("direct", "IN")
                .put("type", "VARCHAR")
                .put("value", "$[yyyy-MM-dd-1]");
        definition.set("locations", locations());
        definition.put("timeout", 0);
        definition.put("tenantCode", tenant);
        definition.set("taskRelationJson", relations());
        definition.set("taskDefinitionJson", tasks());
        // A day that runs long holds the next one up; both would write the same tables.
        definition.put("executionType", "SERIAL_WAIT");
        definition
                .putObject("schedule")
                .put("startTime", "2026-01-01 00:00:00")
                .put("endTime", "2099-12-31 00:00:00")
                .put("timezoneId", workflow.timeZone())
                .put("crontab", Cron.quartz(workflow.schedule()));
        return definition;
    }

    private JsonNode locations() {
        ArrayNode locations = JSON.arrayNode();
        Map<String, Integer> depths = workflow.depths();
        Map<Integer, Integer> filled = new HashMap<>();
        for (Task task : workflow.tasks()) {
            int depth = depths.get(task.name());
            int row = filled.merge(depth, 1, Integer::sum) - 1;
            locations
                    .addObject()
                    .put("taskCode", codes.get(task.name()))
                    .put("x", 100 + depth * COLUMN)
                    .put("y", 100 + row * ROW);
        }
        return locations;
    }

    private JsonNode relations() {
        ArrayNode relations = JSON.arrayNode();
        for (Task task : workflow.tasks()) {
            if (task.after().isEmpty()) {
                relation(relations, 0, 0, task);
            }
            for (String before : task.after()) {
                relation(relations, codes.get(before), VERSION, task);
            }
        }
        return relations;
    }

    private void relation(ArrayNode relations, long before, int version, Task task) {
        relations
                .addObject()
                .put("name", "")
                .put("preTaskCode", before)
                .put("preTaskVersion", version)
                .put("postTaskCode", codes.get(task.name()))
                .put("postTaskVersion", VERSION)
                .put("conditionType", "NONE")
                .putObject("conditionParams");
    }

    private JsonNode tasks() {
        ArrayNode tasks = JSON.arrayNode();
        for (Task task : workflow.tasks()) {
            ObjectNode definition = tasks.addObject()
                    .put("code", codes.get(task.name()))
                    .put("name", task.name())
                    .put("version", VERSION)
                    .put("description", "")
                    .put("delayTime", 0)
                    .put("taskType", "SHELL");
            ObjectNode parameters = definition.putObject("taskParams");
            parameters.putArray("localParams");
            parameters.put("rawScript", script(task));
            parameters.putArray("resourceList");
            definition
                    .put("flag", "YES")
                    .put("taskPriority", "MEDIUM")
                    .put("workerGroup", "default")
                    .put("failRetryTimes", 0)
                    .put("failRetryInterval", 0)
                    .put("timeoutFlag", "CLOSE")
                    .put("timeoutNotifyStrategy", "")
                    .put("timeout", 0)
                    .put("environmentCode", -1)
                    .put("taskExecuteType", "BATCH")
                    .put("taskGroupId", 0)
                    .put("taskGroupPriority", 0)
                    .put("cpuQuota", -1)
                    .put("memoryMax", -1);
        }
        return tasks;
    }

    private static String script(Task task) {
        return task.command().stream()
                .map(word -> PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** The same code for the same name, whatever else the workflow holds; two names of one hash are told apart by order. */
    private static Map<String, Long> codes(Workflow workflow) {
        Map<String, Long> codes = new LinkedHashMap<>();
        Set<Long> taken = new HashSet<>();
        for (Task task : workflow.tasks()) {
            long code = code(workflow.name() + "/" + task.name());
            while (!taken.add(code)) {
                code = FIRST_CODE + (code - FIRST_CODE + 1) % CODES;
            }
            codes.put(task.name(), code);
        }
        return codes;
    }

    private static long code(String name) {
        return FIRST_CODE + Math.floorMod(Digests.sha256Number(name.getBytes(StandardCharsets.UTF_8)), CODES);
    }
}
