package io.granary.batch.submit;

import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.SubmittedVerbs;
import io.granary.warehouse.command.CommonOptions;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** As the module sync has them; one of its verbs has a verb of its own. */
public final class VerbsOfAnotherModule implements SubmittedVerbs {
    @Override
    public Map<String, Function<Submission, Object>> verbs() {
        return Map.of("count", given -> new Count(given.sessions()));
    }

    /** {@code granary submit count rows}. */
    @Command(name = "count")
    static final class Count {
        private final Sessions sessions;

        Count(Sessions sessions) {
            this.sessions = sessions;
        }

        @Command(name = "rows")
        int rows(@Mixin CommonOptions common) {
            try (SqlSession session = sessions.open(common.profile())) {
                System.out.println("rows: "
                        + session.query("SELECT count(*) FROM range(7)").rows());
                return 0;
            }
        }
    }
}
