package org.dnallama.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.dnallama.dna.Interval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowGridTest {

    /** Each window of a region exactly once, in the same batches, however the region is cut. */
    @ParameterizedTest
    @CsvSource({
        "7, 3, 4, 0, 100",
        "7, 3, 4, 5, 98",
        "5, 5, 1, 13, 61",
        "3, 8, 2, 9, 90",
        "10, 1, 16, 0, 10",
        "10, 1, 3, 2, 11"
    })
    void windowsAreThereOnceInTheSameBatches(int window, int stride, int batch, long start, long end) {
        WindowGrid grid = new WindowGrid(window, stride, batch);
        Interval region = new Interval("chr", start, end);
        List<Long> expected = LongStream.range(start, end)
                .filter(at -> at % stride == 0 && at + window <= end)
                .boxed()
                .toList();
        List<List<Interval>> whole = new ArrayList<>();
        grid.cut(region, 1000).forEach(starts -> whole.addAll(grid.batches(starts)));
        for (int rangeBases : new int[] {1, 2, 12, 13, 40}) {
            List<List<Interval>> batches = new ArrayList<>();
            List<Long> windows = new ArrayList<>();
            for (Interval starts : grid.cut(region, rangeBases)) {
                batches.addAll(grid.batches(starts));
                for (int i = 0; i < grid.count(starts); i++) {
                    windows.add(starts.start() + (long) i * stride);
                }
                assertThat(grid.covered(starts).end()).isLessThanOrEqualTo(end);
            }
            assertThat(batches).isEqualTo(whole);
            assertThat(windows).isEqualTo(expected);
            assertThat(batches.stream().flatMap(List::stream).map(Interval::start))
                    .isEqualTo(expected);
        }
    }

    /** Neighbours' middles touch and do not overlap; none leaves its window. */
    @ParameterizedTest
    @CsvSource({"70, 10", "7, 3", "5, 5", "3, 8", "70, 1"})
    void middlesTile(int window, int stride) {
        WindowGrid grid = new WindowGrid(window, stride, 4);
        Interval starts = new Interval("chr", 2L * stride, 9L * stride + 1);
        for (int i = 0; i < 8; i++) {
            Interval middle = grid.middle(starts, i);
            long start = starts.start() + (long) i * stride;
            assertThat(middle.start()).isGreaterThanOrEqualTo(start);
            assertThat(middle.end()).isLessThanOrEqualTo(start + window);
            assertThat(Math.abs(2 * middle.start() + middle.lengthBases() - (2 * start + window)))
                    .isLessThanOrEqualTo(1);
            if (stride <= window) {
                assertThat(grid.middle(starts, i + 1).start()).isEqualTo(middle.end());
            }
        }
    }
}
