package io.granary.streaming.submit;

import io.granary.warehouse.command.SubmitVerb;
import java.util.concurrent.Callable;

/** {@code granary submit streaming}. */
public final class SubmitStreaming implements SubmitVerb {
    @Override
    public String name() {
        return "streaming";
    }

    @Override
    public Callable<Integer> command(Submission submission) {
        return new SubmitStreamingCommand(submission);
    }
}
