package org.dnallama.evaluation;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** A bar on standard error that follows Spark's tasks. */
final class Progress extends SparkListener implements AutoCloseable {

    private final SparkSession spark;
    private final ProgressBar bar;

    private Progress(SparkSession spark, ProgressBar bar) {
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
    static Progress show(SparkSession spark, int tasks) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("evaluate")
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" tasks", 1)
                .setInitialMax(tasks)
                .setUpdateIntervalMillis(500)
                .build();
        Progress progress = new Progress(spark, bar);
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
