package org.dnallama.console;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars of one look, on the standard error stream. */
public final class ProgressBars {

    private ProgressBars() {}

    /**
     * Begins a bar: a terminal gets one that redraws itself, a log file a line a minute.
     *
     * @param name what stands before the bar
     * @param steps how many make it full
     * @return a builder, which takes more wishes before {@code build()}
     */
    public static ProgressBarBuilder named(String name, long steps) {
        boolean watched = System.console() != null;
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(watched ? 500 : 60_000)
                .setMaxRenderedLength(120)
                .setConsumer(
                        watched
                                ? new ConsoleProgressBarConsumer(System.err)
                                : new DelegatingProgressBarConsumer(System.err::println));
    }
}
