package io.granary.streaming.submit;

import io.granary.tablestore.SubmittedVerbs;
import java.util.Map;
import java.util.function.Function;

/** {@code granary submit streaming}: its driver is a process of YARN's, so it opens none of the sessions. */
public final class SubmitStreaming implements SubmittedVerbs {
    @Override
    public Map<String, Function<Submission, Object>> verbs() {
        return Map.of("streaming", SubmitStreamingCommand::new);
    }
}
