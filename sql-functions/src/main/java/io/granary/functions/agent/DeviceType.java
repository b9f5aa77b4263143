package io.granary.functions.agent;

import java.util.List;
import java.util.regex.Pattern;

/** What kind of device a user agent speaks of, by the rules of {@code device-types.txt}. */
final class DeviceType {
    private final List<String> types;
    private final PatternSet patterns;

    DeviceType(List<String> lines) {
        List<String[]> rules = lines.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(": ", 2))
                .toList();
        types = rules.stream().map(rule -> rule[0]).toList();
        patterns = new PatternSet(rules.stream()
                .map(rule -> Pattern.compile(rule[1], Pattern.CASE_INSENSITIVE))
                .toList());
    }

    /** {@code desktop}, {@code mobile}, {@code tablet}, {@code tv} or {@code other}. */
    String of(String agent) {
        String type = patterns.first(agent, (index, match) -> types.get(index));
        return type == null ? "other" : type;
    }
}
