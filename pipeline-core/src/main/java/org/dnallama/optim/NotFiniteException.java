package org.dnallama.optim;

/** A loss or a gradient is not finite. The optimizer is as before the step, so training can skip the batch. */
public final class NotFiniteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports a step that cannot be taken.
     *
     * @param message what is not finite, and at which stage
     */
    public NotFiniteException(String message) {
        super(message);
    }
}
