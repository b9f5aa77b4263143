package io.granary.functions.agent;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule of uap-core (docs/specification.md there): an expression, and texts that take the place of what its groups
 * found. {@code $1} to {@code $9} in such a text stand for a group.
 */
record AgentRule(Pattern pattern, Map<String, String> replacements) {
    static AgentRule of(Map<String, String> entry) {
        int flags = "i".equals(entry.get("regex_flag")) ? Pattern.CASE_INSENSITIVE : 0;
        return new AgentRule(Pattern.compile(entry.get("regex"), flags), entry);
    }

    /** The text under {@code replacement}, else the group; null when there is neither, or nothing in it. */
    String read(Matcher match, String replacement, int group) {
        String text = replacements.get(replacement);
        String found = text == null ? group(match, group) : filled(text, match);
        return found == null || found.isEmpty() ? null : found;
    }

    private static String filled(String text, Matcher match) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean isGroup = text.charAt(i) == '$' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1));
            if (isGroup) {
                String group = group(match, text.charAt(++i) - '0');
                filled.append(group == null ? "" : group);
            } else {
                filled.append(text.charAt(i));
            }
        }
        return filled.toString().strip();
    }

    private static String group(Matcher match, int group) {
        return group <= match.groupCount() ? match.group(group) : null;
    }
}
