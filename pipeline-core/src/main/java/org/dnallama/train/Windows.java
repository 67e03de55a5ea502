package org.dnallama.train;

import java.util.List;
import java.util.concurrent.Executor;
import org.dnallama.shard.MaskedTokens;

/** Windows of a genome, by their numbers. */
public interface Windows {

    /**
     * How many there are.
     *
     * @return at least 1
     */
    int size();

    /**
     * One of them.
     *
     * @param number in [0, size)
     * @return the window
     * @throws org.dnallama.config.InputException if it cannot be read
     */
    MaskedTokens get(int number);

    /**
     * See {@link Examples#parts}.
     *
     * @return 1 if all are in memory
     */
    default int parts() {
        return 1;
    }

    /**
     * See {@link Examples#expect}.
     *
     * @param ranges what will be asked for
     * @param reader reads in the background
     */
    default void expect(List<Stripes.Range> ranges, Executor reader) {}

    /**
     * Windows in memory.
     *
     * @param rows the windows
     * @return a copy of the list
     */
    static Windows of(List<MaskedTokens> rows) {
        List<MaskedTokens> all = List.copyOf(rows);
        return new Windows() {
            @Override
            public int size() {
                return all.size();
            }

            @Override
            public MaskedTokens get(int number) {
                return all.get(number);
            }
        };
    }
}
