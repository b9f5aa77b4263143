package io.granary.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 2 * * *      | 0 0 2 * * ? *",
                "*/15 * * * *   | 0 */15 * * * ? *",
                "30 4 1,15 * *  | 0 30 4 1,15 * ? *",
                "0 3 * * 0      | 0 0 3 ? * SUN *",
                "0 3 * * 7      | 0 0 3 ? * SUN *",
                "0 3 * 6 1-5    | 0 0 3 ? 6 MON,TUE,WED,THU,FRI *",
                "0 3 * * mon,6  | 0 0 3 ? * MON,SAT *",
                "0 3 * * */2    | 0 0 3 ? * SUN,TUE,THU,SAT *",
                "0 3 * * 5-7    | 0 0 3 ? * SUN,FRI,SAT *",
            })
    void writesWhatQuartzReads(String cron, String quartz) {
        assertThat(Cron.quartz(cron)).isEqualTo(quartz);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 2 * *",
                "0 0 2 * * ?",
                "0 2 1 * 1",
                "0 2 * * 8",
                "0 2 * * FOO",
                "0 2 * * 5-1",
                "0 2 $ * *",
                "0 2 * * 1,"
            })
    void refusesWhatIsNoSchedule(String cron) {
        assertThatThrownBy(() -> Cron.quartz(cron))
                .isInstanceOf(GranaryException.class)
                .hasMessageStartingWith("schedule '" + cron + "': ");
    }
}
