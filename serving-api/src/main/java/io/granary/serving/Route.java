package io.granary.serving;

import io.javalin.http.Context;
import java.util.Set;

/**
 * One path of the API; openapi.yaml describes the same paths and parameters.
 *
 * @param parameters query parameters it takes; {@link Parameters#BY} stands for the dimensions of a counter
 */
record Route(String path, Set<String> parameters, Answering answering) {
    /** Answers a request, or throws. */
    interface Answering {
        void answer(Context context, Parameters parameters);
    }
}
