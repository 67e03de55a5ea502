package org.dnallama.config;

/** Training could not go on: it diverged or lost a rank beyond retries. Ends a command with exit 4. */
public final class TrainingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports failed training.
     *
     * @param message step, stage, the last good checkpoint and the remedy
     */
    public TrainingException(String message) {
        super(Redaction.of(message));
    }
}
