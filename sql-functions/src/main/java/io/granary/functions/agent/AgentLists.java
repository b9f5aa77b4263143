package io.granary.functions.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the lists that lie beside this class; {@code src/lists/renew} writes them. */
final class AgentLists {
    private static final Pattern SECTION = Pattern.compile("(\\w+):\\s*");
    private static final Pattern ENTRY =
            Pattern.compile(" +(- )?(\\w+): +(?:'((?:[^']++|'')*+)'|\"([^\"\\\\]*)\")\\s*(?:#.*)?");

    private AgentLists() {}

    /** The lines of a list, without empty ones. Blanks at the end of a line belong to it. */
    static List<String> lines(String name) {
        try (InputStream in = AgentLists.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the list " + name + " is not in the jar of " + AgentLists.class
                        + ": build sql-functions again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The rules of uap-core's {@code regexes.yaml} by section. It reads just the YAML which that file is made of: sections of
     * entries of quoted texts.
     */
    static Map<String, List<Map<String, String>>> rules(String name) {
        Map<String, List<Map<String, String>>> sections = new HashMap<>();
        List<Map<String, String>> section = new ArrayList<>();
        for (String line : lines(name)) {
            Matcher heading = SECTION.matcher(line);
            Matcher entry = ENTRY.matcher(line);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            if (heading.matches()) {
                section = sections.computeIfAbsent(heading.group(1), s -> new ArrayList<>());
            } else if (entry.matches() && (entry.group(1) != null || !section.isEmpty())) {
                if (entry.group(1) != null) {
                    section.add(new HashMap<>());
                }
                String value =
                        entry.group(3) == null ? entry.group(4) : entry.group(3).replace("''", "'");
                section.get(section.size() - 1).put(entry.group(2), value);
            } else {
                throw new IllegalStateException(name + " has a line that is no entry of quoted text: " + line);
            }
        }
        return sections;
    }
}
