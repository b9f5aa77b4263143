package io.granary.warehouse.project;

import java.util.Map;

/**
 * Where the values of a definition stand in its YAML file, by JSON pointer ({@code /columns/0/name}).
 *
 * @param file path inside the project, with {@code /}
 */
public record Origin(String file, Map<String, Position> keys, Map<String, Position> values) {
    public Origin {
        keys = Map.copyOf(keys);
        values = Map.copyOf(values);
    }

    /** Where the value begins; where there is none, the nearest value around it. */
    public Position value(String pointer) {
        String at = pointer;
        while (!at.isEmpty()) {
            Position position = values.get(at);
            if (position != null) {
                return position;
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return values.getOrDefault("", Position.START);
    }

    /** Where the key of a value begins; an item of a list has no key, so there it is the item. */
    public Position key(String pointer) {
        Position position = keys.get(pointer);
        return position == null ? value(pointer) : position;
    }

    public Problem problem(String pointer, String what, String hint) {
        return Problem.at(file, value(pointer), what, hint);
    }

    static String child(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
