package io.granary.tablestore;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Verbs of a module that {@code granary submit} offers. Modules name theirs in {@code META-INF/services}; submit takes
 * those of its class path.
 */
@FunctionalInterface
public interface SubmittedVerbs {
    /** Each verb's name, and what makes its picocli command for what stands before the verb. */
    Map<String, Function<Submission, Object>> verbs();

    /**
     * What was given before the verb.
     *
     * @param sessions of a Spark application in this process, which the first of them starts
     * @param master {@code --master}; known when the command runs
     * @param settings of {@code spark-submit} and, before those, of {@code --conf}; known when the command runs
     */
    record Submission(Sessions sessions, Supplier<Optional<String>> master, Supplier<Map<String, String>> settings) {}
}
