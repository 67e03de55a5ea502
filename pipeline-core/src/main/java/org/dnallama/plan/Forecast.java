package org.dnallama.plan;

/**
 * What a number of ranks is expected to do.
 *
 * @param ranks devices, each with the whole model and its own rows
 * @param stepSeconds time of a step
 * @param efficiency computing time as a part of it
 * @param bytesSent by each rank in a step
 * @param intervalSeconds between two checkpoints
 * @param lostPart of the time, to checkpoints and failures
 * @param tokensPerSecond of all ranks, after these losses
 */
record Forecast(
        int ranks,
        double stepSeconds,
        double efficiency,
        double bytesSent,
        double intervalSeconds,
        double lostPart,
        double tokensPerSecond) {

    /**
     * A step is its computation, and of each gradient's sum what does not hide under the backward pass: at least what
     * is complete only when the pass is over.
     */
    static Forecast of(Workload workload, Network network, Reliability reliability, int ranks) {
        double whole = network.allReduceSeconds((double) workload.bytes(), workload.sums(), ranks);
        double last = network.allReduceSeconds((double) workload.lateBytes(), workload.lateSums(), ranks);
        double shown = Math.max(whole - workload.backwardSeconds(), last);
        double step = workload.computeSeconds() + workload.evaluations() * shown;
        double lost = reliability.lostPart(workload, ranks);
        return new Forecast(
                ranks,
                step,
                workload.computeSeconds() / step,
                workload.evaluations() * Network.bytesSent((double) workload.bytes(), ranks),
                reliability.intervalSeconds(workload, ranks),
                lost,
                workload.tokens() * ranks / step * (1 - lost));
    }
}
