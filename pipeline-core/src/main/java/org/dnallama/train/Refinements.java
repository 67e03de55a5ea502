package org.dnallama.train;

import java.io.Serializable;
import org.dnallama.config.Settings;
import org.dnallama.model.ClassifierLoss;

/**
 * What training may add to plain steps on plain losses; all of it is off by default.
 *
 * @param layerDecay part of the layer above's learning rate that a layer has; 1 for the same rate everywhere
 * @param averaging decay of the running average of the weights, which is then what is measured and left; 0 for none
 * @param patience evaluations without a better score after which training ends; 0 for no end before the last step
 * @param loss what a classifier's loss adds
 */
public record Refinements(double layerDecay, double averaging, int patience, ClassifierLoss loss)
        implements Serializable {

    /** Plain training. */
    public static final Refinements NONE = new Refinements(1, 0, 0, ClassifierLoss.PLAIN);

    static Refinements read(Settings settings, String prefix) {
        double almostOne = Math.nextDown(1.0);
        return new Refinements(
                settings.real(prefix + ".layerDecay", Double.MIN_NORMAL, 1),
                settings.real(prefix + ".averaging", 0, almostOne),
                settings.integer(prefix + ".patience", 0),
                new ClassifierLoss(
                        settings.real(prefix + ".labelSmoothing", 0, almostOne),
                        settings.real(prefix + ".replacedWeight", 0, 1e3)));
    }
}
