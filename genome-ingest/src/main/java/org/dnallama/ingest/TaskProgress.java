package org.dnallama.ingest;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** A bar on the standard error stream that follows Spark's tasks. */
final class TaskProgress extends SparkListener implements AutoCloseable {

    private final SparkSession spark;
    private final ProgressBar bar;

    private TaskProgress(SparkSession spark, ProgressBar bar) {
        this.spark = spark;
        this.bar = bar;
    }

    /**
     * Shows a bar.
     *
     * @param spark whose tasks to follow
     * @param tasks how many will run
     * @return the bar, to be closed by the caller
     */
    static TaskProgress show(SparkSession spark, int tasks) {
        boolean watched = System.console() != null;
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("ingest")
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" tasks", 1)
                .setInitialMax(tasks)
                .setUpdateIntervalMillis(watched ? 500 : 10_000)
                .setMaxRenderedLength(120)
                // A log file gets a line now and then, a terminal a bar that redraws itself.
                .setConsumer(
                        watched
                                ? new ConsoleProgressBarConsumer(System.err)
                                : new DelegatingProgressBarConsumer(System.err::println))
                .build();
        TaskProgress progress = new TaskProgress(spark, bar);
        spark.sparkContext().addSparkListener(progress);
        return progress;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskInfo().successful() && bar.getCurrent() < bar.getMax()) {
            bar.step();
        }
    }

    /** All is done, though Spark's events may still be on their way. */
    void complete() {
        spark.sparkContext().removeSparkListener(this);
        bar.stepTo(bar.getMax());
    }

    @Override
    public void close() {
        spark.sparkContext().removeSparkListener(this);
        bar.close();
    }
}
