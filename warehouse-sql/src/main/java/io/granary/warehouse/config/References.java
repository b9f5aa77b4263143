package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ${env:…}}, {@code ${file:…}} and {@code ${var:…}} stand for.
 *
 * @param folder of the profile: files are relative to it
 * @param vars the profile's own; a value may hold references too
 */
record References(Path folder, Map<String, String> vars, Map<String, String> environment) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file|var):([^}]*)}");

    /**
     * The text with each reference replaced.
     *
     * @throws GranaryException when one has no value
     */
    String resolve(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(out, Matcher.quoteReplacement(value(matcher.group(1), matcher.group(2))));
        }
        return matcher.appendTail(out).toString();
    }

    /** A text that is nothing but one reference, as another process finds it: {@code env:NAME} or {@code file:/path}. */
    Optional<String> passedOn(String text) {
        Matcher reference = REFERENCE.matcher(text);
        if (!reference.matches()) {
            return Optional.empty();
        }
        return switch (reference.group(1)) {
            case "env" -> Optional.of("env:" + reference.group(2));
            case "file" ->
                Optional.of("file:" + folder.resolve(reference.group(2)).normalize());
            default -> Optional.empty();
        };
    }

    private String value(String kind, String name) {
        String found = switch (kind) {
            case "env" -> environment.get(name);
            case "var" -> vars.get(name);
            default -> content(folder.resolve(name));
        };
        if (found == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "reference ${" + kind + ":" + name + "} has no value (profile in " + folder + ")");
        }
        return kind.equals("var") ? resolve(found) : found;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, "cannot read the file of reference ${file:" + file + "}: " + e, e);
        }
    }
}
