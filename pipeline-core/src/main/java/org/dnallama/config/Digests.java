package org.dnallama.config;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Checksums of files and weights. */
public final class Digests {

    private Digests() {}

    /**
     * A digest that nothing has gone into yet.
     *
     * @return SHA-256
     * @throws IllegalStateException never, for every Java has it
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
