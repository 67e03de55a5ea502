package org.dnallama.spark;

/** The cluster did not give the job what it needs to start: no fault of its input, its settings or ours. */
final class ClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
