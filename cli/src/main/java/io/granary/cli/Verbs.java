package io.granary.cli;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The verbs of a distribution, read from its {@code conf/verbs}. */
record Verbs(List<Verb> all) {
    /** One line of the file. */
    record Verb(String name, List<String> groups, String main, String help) {}

    /**
     * Reads the file.
     *
     * @throws GranaryException naming file and line when a line has not four fields
     */
    static Verbs read(Path file) {
        List<Verb> verbs = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "cannot read " + file + ": the distribution is incomplete, build it again", e);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\\s*\\|\\s*", -1);
            if (fields.length != 4) {
                throw new GranaryException(
                        ErrorCode.INTERNAL,
                        file + ":" + (i + 1) + ": expected 'verb | class path | main class | help', found: " + line);
            }
            verbs.add(new Verb(fields[0], List.of(fields[1].split("\\+")), fields[2], fields[3]));
        }
        return new Verbs(List.copyOf(verbs));
    }

    /** The verb most like a mistyped one, when one is near enough to be meant. */
    Optional<String> nearest(String typed) {
        String best = null;
        int bestDistance = Math.max(1, typed.length() / 3) + 1;
        List<String> words = new ArrayList<>(List.of("help", "version"));
        all.forEach(verb -> words.add(verb.name()));
        for (String word : words) {
            int distance = distance(typed, word);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = word;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + replace);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
