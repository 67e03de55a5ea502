package org.dnallama.collective;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * By what ranks show that they know a secret, without telling it.
 *
 * @param secret of one meeting, not empty
 */
record Proofs(String secret) {

    private static final String ALGORITHM = "HmacSHA256";
    /** A double holds so many exactly. */
    private static final int BITS = 48;

    /** What only who knows the secret can say as this rank: 48 bits, so that sums with zeros are exact. */
    double of(int rank) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] code = mac.doFinal(("rank " + rank).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(code).getLong() >>> (Long.SIZE - BITS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Tells nothing. */
    @Override
    public String toString() {
        return "Proofs";
    }
}
