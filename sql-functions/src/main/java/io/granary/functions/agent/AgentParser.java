package io.granary.functions.agent;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/**
 * Browser, operating system and device by the rules of uap-core, the first that fits; what it finds is what the project's
 * own parsers, such as uap-java, find.
 */
final class AgentParser {
    /** A family (never null) and its version, null when there is none. */
    record Product(String family, String version) {}

    private record Rules(List<AgentRule> rules, PatternSet patterns) {
        static Rules of(List<Map<String, String>> entries) {
            List<AgentRule> rules = entries.stream().map(AgentRule::of).toList();
            return new Rules(
                    rules, new PatternSet(rules.stream().map(AgentRule::pattern).toList()));
        }
    }

    private final Rules browsers;
    private final Rules systems;
    private final Rules devices;

    AgentParser(Map<String, List<Map<String, String>>> sections) {
        browsers = Rules.of(sections.get("user_agent_parsers"));
        systems = Rules.of(sections.get("os_parsers"));
        devices = Rules.of(sections.get("device_parsers"));
    }

    /** Null when no rule fits. */
    Product browser(String agent) {
        return product(browsers, agent, "family_replacement", "");
    }

    /** Null when no rule fits. */
    Product system(String agent) {
        return product(systems, agent, "os_replacement", "os_");
    }

    /** Null when no rule fits. */
    String device(String agent) {
        return devices.patterns()
                .first(agent, (i, match) -> devices.rules().get(i).read(match, "device_replacement", 1));
    }

    private static Product product(Rules rules, String agent, String family, String prefix) {
        return rules.patterns().first(agent, (i, match) -> {
            AgentRule rule = rules.rules().get(i);
            String name = rule.read(match, family, 1);
            return name == null ? null : new Product(name, version(rule, match, prefix));
        });
    }

    /** Major, minor and patch, up to the first that is missing. */
    private static String version(AgentRule rule, Matcher match, String prefix) {
        String major = rule.read(match, prefix + "v1_replacement", 2);
        String minor = major == null ? null : rule.read(match, prefix + "v2_replacement", 3);
        String patch = minor == null ? null : rule.read(match, prefix + "v3_replacement", 4);
        if (minor == null) {
            return major;
        }
        return patch == null ? major + "." + minor : major + "." + minor + "." + patch;
    }
}
