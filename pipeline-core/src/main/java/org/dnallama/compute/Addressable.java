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
}
