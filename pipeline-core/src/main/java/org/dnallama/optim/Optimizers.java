package org.dnallama.optim;

import org.dnallama.model.Parameters;

/** Makes optimizers by name. */
public final class Optimizers {

    private Optimizers() {}

    /**
     * A fresh optimizer.
     *
     * @param settings which, and its constants
     * @param like parameters of the layout that it will move
     * @return the optimizer, to be closed by the caller
     */
    public static Optimizer create(OptimizerSettings settings, Parameters like) {
        return switch (settings.kind()) {
            case ADAMW, NADAMW -> new AdamW(settings, like);
            case KT4, KT4_SPLIT, KT4_CLASSIC -> new Kt4(settings, like);
        };
    }
}
