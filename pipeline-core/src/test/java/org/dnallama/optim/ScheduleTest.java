package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class ScheduleTest {

    @Test
    void risesToThePeakThenFallsToAPartOfIt() {
        Schedule schedule = new Schedule(2, 4, 24, 0.1);
        assertThat(schedule.at(1)).isEqualTo(0.5);
        assertThat(schedule.at(4)).isEqualTo(2);
        assertThat(schedule.at(14)).as("half way: the mean of peak and end").isCloseTo(1.1, within(1e-12));
        assertThat(schedule.at(24)).isCloseTo(0.2, within(1e-12));
        for (long step = 4; step < 24; step++) {
            assertThat(schedule.at(step + 1)).isLessThan(schedule.at(step));
        }
    }

    @Test
    void withoutWarmupItStartsJustBelowThePeakAndStaysAtTheEnd() {
        Schedule schedule = new Schedule(1, 0, 10, 0);
        assertThat(schedule.at(1)).isBetween(0.97, 1.0);
        assertThat(schedule.at(10)).isCloseTo(0, within(1e-15));
        assertThat(schedule.at(12)).isCloseTo(0, within(1e-15));
    }

    @Test
    void aRunThatIsAllWarmupEndsAtThePeak() {
        assertThat(new Schedule(1, 5, 5, 0.1).at(5)).isEqualTo(1);
    }
}
