package org.dnallama.spark.monitor;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Pointer;

/** The newest figures of training in this process, for Spark's metrics sinks; NaN for what is not known yet. */
final class TrainingGauges {

    /** Names as in {@code metrics.jsonl}. */
    private static final List<String> NAMES = List.of(
            "step",
            "lossNats",
            "learningRate",
            "gradientNorm",
            "tokensPerSecond",
            "rankTokensPerSecond",
            "computeSeconds",
            "allReduceSeconds",
            "dataWaitSeconds",
            "gradientEvaluations",
            "skippedSteps",
            "z");

    private final Map<String, Double> newest = new ConcurrentHashMap<>();

    /** Adds the gauges to a registry. */
    void register(MetricRegistry registry) {
        for (String name : NAMES) {
            registry.register(name, (Gauge<Double>) () -> newest.getOrDefault(name, Double.NaN));
        }
        registry.register("residentBytes", (Gauge<Long>) Pointer::physicalBytes);
        registry.register("offHeapBytes", (Gauge<Long>) Pointer::totalBytes);
    }

    /** Takes up a step's figures. */
    void show(long step, Map<String, Double> values) {
        newest.putAll(values);
        newest.put("step", (double) step);
    }
}
