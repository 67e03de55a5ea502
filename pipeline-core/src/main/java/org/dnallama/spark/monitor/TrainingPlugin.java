package org.dnallama.spark.monitor;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Spark's own way to metrics and messages of an application: gauges for its metrics sinks on the driver and on each
 * executor, and a line from the executors to the driver.
 */
public final class TrainingPlugin implements SparkPlugin {

    /**
     * Addresses of the GPUs of the executor that this is called on, in whichever way the cluster gave them to it.
     *
     * @return as Spark knows them; none if the session does not have this plugin
     */
    public static List<String> gpus() {
        return ExecutorLine.gpus();
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new Driver();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Executor();
    }

    private static final class Driver implements DriverPlugin {

        private final TrainingGauges gauges = new TrainingGauges();

        @Override
        public Map<String, String> init(SparkContext spark, PluginContext context) {
            return Map.of();
        }

        @Override
        public void registerMetrics(String applicationId, PluginContext context) {
            gauges.register(context.metricRegistry());
        }

        @Override
        public @Nullable Object receive(Object message) {
            RankReport report = (RankReport) message;
            if (report.event() == RankReport.Event.STEPPED) {
                gauges.show(report.step(), report.values());
            }
            RunMonitor.hear(report);
            return null;
        }
    }

    private static final class Executor implements ExecutorPlugin {

        @Override
        public void init(PluginContext context, Map<String, String> extra) {
            ExecutorLine.open(context);
        }

        @Override
        public void shutdown() {
            ExecutorLine.close();
        }
    }
}
