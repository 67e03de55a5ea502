package org.dnallama.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dnallama.metric.ResultTable;

/**
 * Forecasts of a run on more ranks than there are to try it on.
 *
 * @param settings the cluster
 * @param workloads of the optimizers, side by side
 */
record Simulation(SimulationSettings settings, List<Workload> workloads) {

    /** The assumptions, then a table for each network. */
    String text() {
        StringBuilder text = new StringBuilder(assumptions());
        for (Network network : settings.networks()) {
            text.append(String.format(
                            Locale.ROOT,
                            "%n%s: %.1f us, %.3g GB/s%n%n",
                            network.name(),
                            network.latencySeconds() * 1e6,
                            network.bytesPerSecond() / 1e9))
                    .append(table(network).toText());
        }
        return text.toString();
    }

    private String assumptions() {
        return String.format(
                Locale.ROOT,
                """

                Simulated, not measured. Assumed:
                - each rank has the whole model and batchSize rows of its own, so more ranks make larger batches;
                - a device does %.3g FLOP/s, %.0f %% of its %.3g; all ranks are equally fast, and data never makes them wait;
                - the faster of ring and tree sums each gradient in pieces of at most 64 MiB, in a network without
                  congestion, and hides under the backward pass but for the embedding and the first block, which come
                  last; a device computes undisturbed meanwhile;
                - any of the devices fails %.3g times an hour; all go on %.0f s later from the last checkpoint;
                - training waits while a checkpoint is written at %.3g GB/s, at the interval that Daly found best.
                """,
                settings.usedFlopPerSecond(),
                settings.utilization() * 100,
                settings.flopPerSecond(),
                settings.reliability().failuresPerDeviceHour(),
                settings.reliability().restartSeconds(),
                settings.reliability().checkpointBytesPerSecond() / 1e9);
    }

    private ResultTable table(Network network) {
        List<String> header = List.of(
                "optimizer", "ranks", "step s", "efficiency", "sent a step", "checkpoint every", "lost", "tokens/s");
        List<List<String>> rows = new ArrayList<>();
        for (Workload workload : workloads) {
            for (int ranks : settings.ranks()) {
                Forecast forecast = Forecast.of(workload, network, settings.reliability(), ranks);
                rows.add(List.of(
                        workload.name(),
                        String.format(Locale.ROOT, "%,d", ranks),
                        String.format(Locale.ROOT, "%,.3f", forecast.stepSeconds()),
                        String.format(Locale.ROOT, "%.3f", forecast.efficiency()),
                        PlanTable.size(Math.round(forecast.bytesSent())),
                        String.format(Locale.ROOT, "%,.0f s", forecast.intervalSeconds()),
                        String.format(Locale.ROOT, "%.2f %%", 100 * forecast.lostPart()),
                        String.format(Locale.ROOT, "%,.0f", forecast.tokensPerSecond())));
            }
        }
        return new ResultTable(header, rows);
    }

    /** Adds {@code simulate.NETWORK.OPTIMIZER.RANKS.*}. */
    void putInto(ObjectNode figures) {
        for (Network network : settings.networks()) {
            for (Workload workload : workloads) {
                for (int ranks : settings.ranks()) {
                    Forecast forecast = Forecast.of(workload, network, settings.reliability(), ranks);
                    String prefix = "simulate." + network.name() + "." + workload.name() + "." + ranks + ".";
                    figures.put(prefix + "stepSeconds", forecast.stepSeconds())
                            .put(prefix + "efficiency", forecast.efficiency())
                            .put(prefix + "sentBytes", forecast.bytesSent())
                            .put(prefix + "checkpointIntervalSeconds", forecast.intervalSeconds())
                            .put(prefix + "lostPart", forecast.lostPart())
                            .put(prefix + "tokensPerSecond", forecast.tokensPerSecond());
                }
            }
        }
    }
}
