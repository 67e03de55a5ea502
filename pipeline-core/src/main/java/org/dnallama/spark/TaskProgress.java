package org.dnallama.spark;

import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.dnallama.console.ProgressBars;

/** A bar on the standard error stream that follows Spark's tasks. */
public final class TaskProgress extends SparkListener implements AutoCloseable {

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
     * @param name what it says before the bar
     * @param tasks how many will run
     * @return the bar, to be closed by the caller
     */
    public static TaskProgress show(SparkSession spark, String name, int tasks) {
        ProgressBar bar = ProgressBars.named(name, tasks).setUnit(" tasks", 1).build();
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
    public void complete() {
        spark.sparkContext().removeSparkListener(this);
        bar.stepTo(bar.getMax());
    }

    @Override
    public void close() {
        spark.sparkContext().removeSparkListener(this);
        bar.close();
    }
}
