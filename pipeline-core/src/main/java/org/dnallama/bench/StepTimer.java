package org.dnallama.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** Times steps that are taken again and again, once the JIT rests. */
public final class StepTimer {

    /** A turn should be long against the clock's grain and short against the machine's moods. */
    private static final double TURN_SECONDS = 1;

    private static final int WARM_UP_STEPS = 3;
    private static final double LOOK_SECONDS = 3;
    /** Patience with the JIT, for each turn that is asked for: few turns are a quick look. */
    private static final double MOST_WARM_UP_SECONDS = 5;
    /** Below this part of the time the JIT counts as resting. */
    private static final double RESTING_SHARE = 0.01;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private StepTimer() {}

    /**
     * Lets caches fill and the JIT compile until it rests, for its threads' time would count as the step's.
     *
     * @param step what is timed
     * @param turns that will be taken: the more, the more patience
     * @return how many steps make a turn
     */
    public static int warmUp(Runnable step, int turns) {
        long start = System.nanoTime();
        double seconds = 0;
        double lastLook = 0;
        long compiled = 0;
        int steps = 0;
        int stepsAtLastLook = 0;
        while (true) {
            step.run();
            steps++;
            seconds = (System.nanoTime() - start) / 1e9;
            if (steps < WARM_UP_STEPS || seconds - lastLook < LOOK_SECONDS) {
                continue;
            }
            long now = COMPILER.getTotalCompilationTime();
            boolean rests = now - compiled < RESTING_SHARE * 1e3 * (seconds - lastLook);
            if (rests || seconds > MOST_WARM_UP_SECONDS * turns) {
                double stepSeconds = (seconds - lastLook) / (steps - stepsAtLastLook);
                return Math.max(1, (int) Math.round(TURN_SECONDS / stepSeconds));
            }
            compiled = now;
            lastLook = seconds;
            stepsAtLastLook = steps;
        }
    }

    /**
     * CPU seconds of a step, of some in a row.
     *
     * @param step what is timed
     * @param steps how many
     * @return seconds of a step
     */
    public static double cpuSeconds(Runnable step, int steps) {
        double start = Machine.cpuSeconds();
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        return (Machine.cpuSeconds() - start) / steps;
    }

    /** Seconds of a step by the clock, of some in a row. */
    static double clockSeconds(Runnable step, int steps) {
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        return (System.nanoTime() - start) / 1e9 / steps;
    }
}
