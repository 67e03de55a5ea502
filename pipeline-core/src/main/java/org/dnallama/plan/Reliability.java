package org.dnallama.plan;

/**
 * How often devices fail and what a failure costs. Every failure ends the step of all ranks, which go on from the last
 * checkpoint.
 *
 * @param failuresPerDeviceHour rate, the same for all devices at all times
 * @param checkpointBytesPerSecond at which a checkpoint is written, while training waits
 * @param restartSeconds from a failure until training goes on
 */
record Reliability(double failuresPerDeviceHour, double checkpointBytesPerSecond, double restartSeconds) {

    /** Mean time between two failures of any rank. */
    double secondsBetweenFailures(int ranks) {
        return 3600 / (failuresPerDeviceHour * ranks);
    }

    double checkpointSeconds(Workload workload) {
        return workload.checkpointBytes() / checkpointBytesPerSecond;
    }

    /**
     * The training time between two checkpoints that loses least, to second order: with d the time to write one, M the
     * time between failures and x = d / 2M, sqrt(2 d M) (1 + sqrt(x) / 3 + x / 9) - d; M if d is 2M or more. Its first
     * term is Young's.
     *
     * @see <a href="https://doi.org/10.1145/361147.361115">Young 1974</a>
     * @see <a href="https://doi.org/10.1016/j.future.2004.11.016">Daly 2006, equation 37</a>
     */
    double intervalSeconds(Workload workload, int ranks) {
        double write = checkpointSeconds(workload);
        double between = secondsBetweenFailures(ranks);
        if (write >= 2 * between) {
            return between;
        }
        double x = write / (2 * between);
        return Math.sqrt(2 * write * between) * (1 + Math.sqrt(x) / 3 + x / 9) - write;
    }

    /**
     * Part of the time that checkpoints and failures take, at that interval t: (d + (t + d) / M (restart + (t + d) /
     * 2)) / (t + d), as a failure costs the restart and on average half of what was done since the last checkpoint; at
     * most 1.
     */
    double lostPart(Workload workload, int ranks) {
        double write = checkpointSeconds(workload);
        double cycle = intervalSeconds(workload, ranks) + write;
        return Math.min(1, write / cycle + (restartSeconds + cycle / 2) / secondsBetweenFailures(ranks));
    }
}
