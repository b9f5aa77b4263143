package io.granary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final Instant T = Instant.parse("2026-11-21T20:00:00Z");

    @Test
    void thePartsAddUpToTheWallTime() {
        Result model = Result.success("model.a", Duration.ofSeconds(4), 1, List.of(), "20261121T200000Z-3f9a1c")
                .withTiming(List.of(timing("stage", 4, 5), timing("execute", 5, 7), timing("publish", 7, 8)));
        RunResults results = RunResults.of(T.plusSeconds(9), Map.of(), Duration.ofSeconds(6), List.of(model));

        Account account = Account.of(new Verbs.Ran(T, Duration.ofSeconds(10), Duration.ZERO, ""), results);

        assertThat(account.parts())
                .containsEntry(Account.START, 3.0)
                .containsEntry(Account.SESSION, 1.0)
                .containsEntry("execute", 2.0)
                .containsEntry(Account.REST, 2.0);
        assertThat(account.parts().values().stream().mapToDouble(d -> d).sum()).isEqualTo(10, Offset.offset(1e-9));
        assertThat(account.stagingAndPublish("a")).isEqualTo(2);
    }

    private static Timing timing(String name, int from, int to) {
        return new Timing(name, T.plusSeconds(from), T.plusSeconds(to));
    }
}
