package org.dnallama.config;

/** The user's input is at fault: the message names the place, the value and the remedy. Ends a command with exit 3. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports bad input.
     *
     * @param message place, value, bound and remedy
     */
    public InputException(String message) {
        super(Redaction.of(message));
    }

    /**
     * Reports bad input that another error brought to light.
     *
     * @param message place, value, bound and remedy
     * @param cause what was thrown
     */
    public InputException(String message, Throwable cause) {
        super(Redaction.of(message), cause);
    }
}
