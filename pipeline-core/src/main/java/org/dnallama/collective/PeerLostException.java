package org.dnallama.collective;

/** Another rank is gone or does not answer: the consequence of a failure elsewhere, hardly ever the cause. */
public final class PeerLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Tells who noticed.
     *
     * @param message rank, what it waited for and what it heard
     * @param cause what the transport said
     */
    public PeerLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
