package io.granary.warehouse.command;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A verb that {@code granary submit} offers and another module brings; found by {@link java.util.ServiceLoader}. */
public interface SubmitVerb {
    /** The word behind {@code granary submit}. */
    String name();

    /** The picocli command. */
    Callable<Integer> command(Submission submission);

    /** What was given before the verb; to be asked when the command runs. */
    interface Submission {
        /** {@code --master}. */
        Optional<String> master();

        /** Settings of {@code spark-submit} and, before those, of {@code --conf}. */
        Map<String, String> settings();
    }
}
