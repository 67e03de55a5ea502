package org.dnallama.spark.monitor;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.dnallama.spark.Gpus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Spark gave the plugin of this process, where tasks find it: Spark hands it to nobody else. One process is one
 * executor, so there is one.
 */
final class ExecutorLine {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorLine.class);

    private static volatile @Nullable ExecutorLine open;

    private final PluginContext context;
    private final TrainingGauges gauges = new TrainingGauges();

    private ExecutorLine(PluginContext context) {
        this.context = context;
        gauges.register(context.metricRegistry());
    }

    static void open(PluginContext context) {
        open = new ExecutorLine(context);
    }

    static void close() {
        open = null;
    }

    /** Shows a step's figures to the metrics sinks; without the plugin nothing happens. */
    static void show(long step, Map<String, Double> values) {
        ExecutorLine line = open;
        if (line != null) {
            line.gauges.show(step, values);
        }
    }

    /** Addresses of the GPUs that are this executor's; none without the plugin. */
    static List<String> gpus() {
        ExecutorLine line = open;
        ResourceInformation gpus =
                line == null ? null : line.context.resources().get(Gpus.RESOURCE);
        return gpus == null ? List.of() : List.of(gpus.addresses());
    }

    /** Sends a report, which may get lost: training does not depend on it. */
    static void send(RankReport report) {
        ExecutorLine line = open;
        if (line == null) {
            return;
        }
        try {
            line.context.send(report);
        } catch (IOException e) {
            LOG.warn("the driver does not hear of step {}: {}", report.step(), e.getMessage());
        }
    }
}
