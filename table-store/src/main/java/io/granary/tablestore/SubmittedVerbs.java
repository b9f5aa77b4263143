package io.granary.tablestore;

import java.util.Map;
import java.util.function.Function;

/**
 * Verbs of a module that {@code granary submit} can run inside a Spark application of its own. Modules name theirs in
 * {@code META-INF/services}; submit takes those of its class path.
 */
@FunctionalInterface
public interface SubmittedVerbs {
    /** Each verb's name, and what makes its command for the sessions of the application, which the first of them starts. */
    Map<String, Function<Sessions, Object>> verbs();
}
