package org.dnallama.compute;

import org.bytedeco.javacpp.FloatPointer;

/** A buffer whose float32 numbers other native libraries may read and write in place. */
public interface Addressable extends Buffer {

    /**
     * Where its numbers lie: on the host, or on the backend's GPU.
     *
     * @return the first of {@link #length()} neighbours; valid until the memory is freed
     */
    FloatPointer pointer();

    /**
     * Whose memory that is.
     *
     * @return the host's, or a GPU's
     */
    Memory memory();

    /** Who reads and writes a buffer's numbers in place. */
    enum Memory {
        /** The host's processor. */
        HOST,
        /** A GPU. */
        GPU
    }
}
