package io.granary.warehouse.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@code host_groups} of a profile. */
final class HostGroups {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private HostGroups() {}

    static Map<String, List<String>> of(Path file, JsonNode node) {
        Map<String, List<String>> groups = new TreeMap<>();
        if (!node.isMissingNode() && !node.isObject()) {
            throw wrong(file, "host_groups", node);
        }
        node.fields().forEachRemaining(group -> {
            String at = "host_groups." + group.getKey();
            if (!group.getValue().isArray() || group.getValue().isEmpty()) {
                throw wrong(file, at, group.getValue());
            }
            List<String> hosts = new ArrayList<>();
            group.getValue().forEach(host -> {
                if (!NAME.matcher(host.asText()).matches() || hosts.contains(host.asText())) {
                    throw wrong(file, at, group.getValue());
                }
                hosts.add(host.asText());
            });
            groups.put(group.getKey(), List.copyOf(hosts));
        });
        return Collections.unmodifiableMap(groups);
    }

    private static GranaryException wrong(Path file, String key, JsonNode value) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                file + ": " + key + " is " + value + "; write host_groups: {web: [web-1, web-2]}, each host once, names"
                        + " of letters, digits, '.', '_' and '-'");
    }
}
