package io.granary.warehouse.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a profile that a process on another machine needs. Secrets stay references; the files that they name go
 * along beside the profile.
 *
 * @param yaml the profile
 * @param files content by path relative to the profile's folder
 */
public record ProfileExcerpt(String yaml, Map<String, byte[]> files) {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");

    /**
     * Takes some values out of a profile; those that the environment overrides as it says them.
     *
     * @param keys such as {@code kafka} and {@code streaming.trigger}; one that is a mapping goes whole
     * @param environment of this process
     * @throws GranaryException when a value refers to the environment, which the other machine does not have, or to a file
     *     outside of the profile's folder
     */
    public static ProfileExcerpt of(Path profile, List<String> keys, Map<String, String> environment) {
        try {
            JsonNode all = YAML.readTree(Files.readString(profile));
            ObjectNode excerpt = YAML.createObjectNode();
            for (String key : keys) {
                String variable = ConfigSource.variable(key);
                JsonNode found = environment.containsKey(variable)
                        ? excerpt.textNode(environment.get(variable))
                        : all.at("/" + key.replace('.', '/'));
                int dot = key.indexOf('.');
                if (found.isMissingNode()) {
                    continue;
                }
                if (dot < 0) {
                    excerpt.set(key, found);
                } else {
                    excerpt.withObject("/" + key.substring(0, dot)).set(key.substring(dot + 1), found);
                }
            }
            String yaml = YAML.writeValueAsString(excerpt);
            return new ProfileExcerpt(yaml, files(profile.toAbsolutePath().getParent(), yaml));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.DEFINITION, profile + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, byte[]> files(Path folder, String yaml) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Matcher matcher = REFERENCE.matcher(yaml);
        while (matcher.find()) {
            String name = matcher.group(2);
            Path file = folder.resolve(name).normalize();
            if (matcher.group(1).equals("env") || !file.startsWith(folder)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "the profile's " + matcher.group()
                                + " is not there on the machine that will read it. Write it as"
                                + " ${file:…} with a file in the profile's folder, which is sent along.");
            }
            files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
        }
        return files;
    }
}
