package org.dnallama.train;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.dnallama.console.ProgressBars;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error with loss, tokens per second of all ranks and the time left. */
public final class ProgressListener implements TrainingListener {

    private final String task;
    private @Nullable ProgressBar bar;
    private String held = "";

    /**
     * A bar that shows itself when training starts.
     *
     * @param task its title
     */
    public ProgressListener(String task) {
        this.task = task;
    }

    @Override
    public void started(long doneSteps, long steps) {
        close(); // After a fault a run starts again.
        bar = ProgressBars.named(task, steps)
                .startsFrom(doneSteps, java.time.Duration.ZERO)
                .build();
    }

    @Override
    public void stepped(long step, Map<String, Double> values) {
        if (bar != null) {
            bar.stepTo(step);
            bar.setExtraMessage(String.format(
                    Locale.ROOT,
                    " loss %.4f %,.0f tokens/s%s",
                    values.getOrDefault("lossNats", Double.NaN),
                    values.getOrDefault("tokensPerSecond", Double.NaN),
                    held));
        }
    }

    @Override
    public void evaluated(long step, Map<String, Double> values) {
        held = values.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, " %s %.4f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
