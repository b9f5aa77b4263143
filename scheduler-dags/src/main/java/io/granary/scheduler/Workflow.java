package io.granary.scheduler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a scheduler runs for one day (docs/contracts.md, section 11), in no scheduler's language.
 *
 * @param schedule five cron fields, in {@code timeZone}
 * @param tasks every task stands behind all it comes after
 */
public record Workflow(int workflowVersion, String name, String schedule, String timeZone, List<Task> tasks) {
    /** Version of the JSON form that this code reads and writes. */
    public static final int VERSION = 1;

    /** Stands in a task's command for the day that is run, {@code yyyy-MM-dd}. */
    public static final String DS = "${ds}";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * @throws GranaryException DEFINITION for two tasks of one name, or one that stands before what it comes after
     */
    public Workflow {
        tasks = List.copyOf(tasks);
        Map<String, Integer> seen = new HashMap<>();
        for (Task task : tasks) {
            for (String before : task.after()) {
                if (!seen.containsKey(before)) {
                    throw new GranaryException(
                            ErrorCode.DEFINITION,
                            "workflow " + name + ": task " + task.name() + " comes after " + before
                                    + ", which does not stand before it");
                }
            }
            if (seen.put(task.name(), seen.size()) != null) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "workflow " + name + " has two tasks named " + task.name());
            }
        }
    }

    /**
     * One command.
     *
     * @param command the words of a {@code granary} command, the word {@code granary} first
     * @param after tasks that must have succeeded
     */
    public record Task(String name, List<String> command, List<String> after) {
        public Task {
            command = List.copyOf(command);
            after = List.copyOf(after);
        }
    }

    /** Length of the longest way from a task without predecessors, which has 0, to each task. */
    Map<String, Integer> depths() {
        Map<String, Integer> depths = new HashMap<>();
        for (Task task : tasks) {
            int depth = 0;
            for (String before : task.after()) {
                depth = Math.max(depth, depths.get(before) + 1);
            }
            depths.put(task.name(), depth);
        }
        return depths;
    }

    public String toJson() {
        return write(this);
    }

    /** Reads the JSON form; {@code where} names it in messages. */
    public static Workflow fromJson(String json, String where) {
        try {
            Workflow workflow = JSON.readValue(json, Workflow.class);
            if (workflow.workflowVersion() != VERSION) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        where + " has workflow_version " + workflow.workflowVersion() + ", this Granary reads "
                                + VERSION);
            }
            return workflow;
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof GranaryException known) {
                throw known;
            }
            throw new GranaryException(ErrorCode.DEFINITION, where + " is no workflow: " + e.getOriginalMessage(), e);
        }
    }

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "not writable as JSON: " + e.getMessage(), e);
        }
    }
}
