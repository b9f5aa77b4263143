package io.granary.warehouse.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CommandsTest {
    @Command(name = "try")
    static final class Try implements Callable<Integer> {
        @Option(names = "--fail")
        private String fail;

        @Override
        public Integer call() {
            if ("fault".equals(fail)) {
                throw new IllegalStateException("a fault");
            }
            if (fail != null) {
                throw new GranaryException(ErrorCode.valueOf(fail), "said plainly");
            }
            return 0;
        }
    }

    @Test
    void exitCodesAreThoseOfTheContract() {
        assertThat(Commands.run(new Try())).isZero();
        assertThat(Commands.run(new Try(), "--fail", "DATA")).isEqualTo(1);
        assertThat(Commands.run(new Try(), "--fail", "BUSY")).isEqualTo(1);
        assertThat(Commands.run(new Try(), "--fail", "USAGE")).isEqualTo(2);
        assertThat(Commands.run(new Try(), "--fail", "fault")).isEqualTo(2);
        assertThat(Commands.run(new Try(), "--no-such-option")).isEqualTo(2);
    }
}
