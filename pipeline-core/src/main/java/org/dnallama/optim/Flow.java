package org.dnallama.optim;

import java.util.Map;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.StageDifferences;
import org.dnallama.model.Parameters;

/** What a Runge-Kutta step follows: how parameters move along gradients. */
interface Flow extends AutoCloseable {

    /** Makes a gradient at theta the flow's slope there. */
    void complete(Parameters slope, Parameters theta, AdamStep step);

    /** Fixes, from the first stage's slope, what stays the same while the stages are placed. */
    void freeze(Parameters first, AdamStep step);

    /** Places theta a fraction of the step from the start, along a mean of slopes. */
    void place(Parameters theta, Parameters start, double fraction, Combination slopes, AdamStep step);

    /** The step itself. */
    void advance(Parameters theta, Parameters start, Combination slopes, AdamStep step);

    /** How the first three slopes differ, in the flow's own frame. */
    StageDifferences differences(Parameters first, Parameters second, Parameters third);

    /** What outlives a step, by name. */
    Map<String, Parameters> state();

    @Override
    void close();
}
