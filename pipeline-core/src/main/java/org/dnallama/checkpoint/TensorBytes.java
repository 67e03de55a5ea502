package org.dnallama.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the data bytes of a safetensors file come from; asked for in the order of the file. */
interface TensorBytes extends Closeable {

    /**
     * A run of bytes of one tensor.
     *
     * @param tensor the tensor
     * @param first the run's first byte, counted from the tensor's
     * @param count bytes in the run
     * @return little-endian, from its position on; valid until the next call
     */
    ByteBuffer at(SafetensorsHeader.Place tensor, long first, int count) throws IOException;

    /** Fails if there are bytes behind the last tensor; nothing is said if that was not asked for. */
    void checkEnd() throws IOException;
}
