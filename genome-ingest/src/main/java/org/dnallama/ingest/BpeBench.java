package org.dnallama.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.dnallama.bench.Machine;
import org.dnallama.bench.Turns;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/** Our encoder of a byte-pair encoding beside Hugging Face's, on the same windows, each on one thread. */
final class BpeBench {

    /** Bases of a window: as {@code ingest} cuts them by default, and a long one. */
    static final List<Integer> WINDOWS = List.of(512, 10_000);

    /** The system counts CPU time in hundredths of a second. */
    private static final double LEAST_SECONDS = 0.5;

    private static final String OURS = "ours";
    private static final String THEIRS = "theirs";

    private final Tokenizer ours;
    private final Tokenizer theirs;
    private final String bases;

    /**
     * Readies both.
     *
     * @param json a {@code tokenizer.json}
     * @param bases upper-case codes, at least as many as the longest window
     */
    BpeBench(String json, String bases) {
        ours = Tokenizers.read(json);
        theirs = Tokenizers.huggingFace(json);
        this.bases = bases;
    }

    /**
     * What was measured on windows of one length.
     *
     * @param window bases in each
     * @param ours bases per CPU second, the median
     * @param theirs the same of Hugging Face's encoder
     * @param ratio ours over theirs, the median over neighbouring turns
     */
    record Result(int window, double ours, double theirs, double ratio) {}

    /**
     * Measures.
     *
     * @param window bases in a window
     * @param repeats turns of each encoder; comparing the ids has warmed both up
     * @param afterEach told who had a turn
     * @return medians
     * @throws IllegalStateException if the ids differ
     */
    Result run(int window, int repeats, Consumer<String> afterEach) {
        List<String> windows = new ArrayList<>();
        for (int start = 0; start + window <= bases.length(); start += window) {
            windows.add(bases.substring(start, start + window));
        }
        for (String text : windows) {
            if (!Arrays.equals(ours.encode(text), theirs.encode(text))) {
                throw new IllegalStateException("ids differ on " + text);
            }
        }
        Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
        contestants.put(OURS, () -> basesPerSecond(ours, windows));
        contestants.put(THEIRS, () -> basesPerSecond(theirs, windows));
        Turns turns = Turns.take(repeats, contestants, afterEach);
        return new Result(window, turns.median(OURS), turns.median(THEIRS), turns.ratio(OURS, THEIRS));
    }

    private static double basesPerSecond(Tokenizer tokenizer, List<String> windows) {
        double started = Machine.cpuSeconds();
        long encoded = 0;
        double seconds;
        do {
            for (String text : windows) {
                tokenizer.encode(text);
                encoded += text.length();
            }
            seconds = Machine.cpuSeconds() - started;
        } while (seconds < LEAST_SECONDS);
        return encoded / seconds;
    }
}
