package org.dnallama.compute.vector;

import java.nio.ByteBuffer;

/**
 * Where a row of float32 numbers starts.
 *
 * @param bytes native-order memory, at most 2 GiB
 * @param start first number, counted in numbers
 */
record Row(ByteBuffer bytes, int start) {

    float get(int i) {
        return bytes.getFloat((start + i) << 2);
    }

    void put(int i, float value) {
        bytes.putFloat((start + i) << 2, value);
    }

    Row plus(int numbers) {
        return new Row(bytes, start + numbers);
    }
}
