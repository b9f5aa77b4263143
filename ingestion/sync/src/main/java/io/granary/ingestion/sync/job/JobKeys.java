package io.granary.ingestion.sync.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.project.Suggestion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares the keys of a job file with those that its records have: a key that means nothing here is an error. */
final class JobKeys {
    /** Keys that DataX has and Granary has not, and what to do instead. */
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("mandatoryEncoding", "the driver knows the encoding of the database"),
            Map.entry("jdbcConfig", "put the properties into the profile's connection"),
            Map.entry("checkSlave", "name the server to read from"),
            Map.entry("hint", "put it into querySql"),
            Map.entry("samplePercentage", "ranges are cut by the key itself"),
            Map.entry("splitMode", "ranges are cut by the key itself"),
            Map.entry("emptyAsNull", "NULL and the empty text stay two values"),
            Map.entry("hadoopConfig", "settings of the file system are those of the profile and of Hadoop's own files"),
            Map.entry("haveKerberos", "settings of the file system are those of the profile and of Hadoop's own files"),
            Map.entry("keyVersion", "passwords are references, not ciphers"),
            Map.entry("dryRun", "a job is checked whenever it is read"),
            Map.entry("jobInfo", "it means nothing to a job"),
            Map.entry("preHandler", "handlers are DataX plugins"),
            Map.entry("postHandler", "handlers are DataX plugins"),
            Map.entry("recordNumBeforeSleep", "limit the speed by job.setting.speed.record"),
            Map.entry("sleepTime", "limit the speed by job.setting.speed.record"),
            Map.entry("format", "the format of dates is dateFormat"),
            Map.entry("code", "dx_groovy is not supported"),
            Map.entry("extraPackage", "dx_groovy is not supported"));

    private JobKeys() {}

    /** Refuses keys of the object other than these. */
    static void check(JsonNode node, String where, String at, Set<String> known) {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        where + ": unknown key " + (at.isEmpty() ? "" : at + ".") + key + ". " + advice(key, known));
            }
        });
    }

    /** The same for everything inside, before a record complains of a missing key that is only misspelt. */
    static void check(JsonNode node, Type type, String where, String at) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Type element = list.getActualTypeArguments()[0];
            if (!node.isArray()) {
                check(node, element, where, at);
                return;
            }
            int i = 0;
            for (JsonNode each : node) {
                check(each, element, where, at + "[" + i++ + "]");
            }
        } else if (type instanceof Class<?> record && record.isRecord() && node.isObject()) {
            Map<String, Type> components = components(record);
            check(node, where, at, components.keySet());
            node.fields()
                    .forEachRemaining(
                            f -> check(f.getValue(), components.get(f.getKey()), where, at + "." + f.getKey()));
        }
    }

    /**
     * A record's keys in JSON and their types; the kind of a database stands in the plugin's name, {@link TextKeys} stand
     * among the others.
     */
    private static Map<String, Type> components(Class<?> record) {
        Map<String, Type> components = new TreeMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getType() == TextKeys.class) {
                components.putAll(components(TextKeys.class));
            } else if (component.getType() != RdbmsKind.class) {
                JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
                components.put(property == null ? component.getName() : property.value(), component.getGenericType());
            }
        }
        return components;
    }

    private static String advice(String key, Set<String> known) {
        String instead = INSTEAD.get(key);
        if (instead != null) {
            return "DataX has it, Granary has not: " + instead + ".";
        }
        return Suggestion.of(key, known, "Known: " + String.join(", ", new java.util.TreeSet<>(known)) + ".");
    }
}
