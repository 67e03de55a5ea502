package org.dnallama.model;

import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;

/** The angles of rotary embedding. */
final class RotaryTable {

    private RotaryTable() {}

    /** Cosines, then sines, of each position: shape (contextLength, headDim). */
    static Matrix of(Backend backend, LlamaConfig config) {
        int half = config.headDim() / 2;
        float[] table = new float[config.contextLength() * config.headDim()];
        for (int p = 0; p < config.contextLength(); p++) {
            for (int i = 0; i < half; i++) {
                double angle = p * config.ropeFrequency(i);
                table[p * config.headDim() + i] = (float) Math.cos(angle);
                table[p * config.headDim() + half + i] = (float) Math.sin(angle);
            }
        }
        Buffer buffer = backend.allocate(table.length);
        backend.write(buffer, table);
        return Matrix.of(buffer, config.contextLength(), config.headDim());
    }
}
