package org.dnallama.compute;

import java.util.Locale;
import java.util.OptionalInt;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.compute.vector.VectorBackend;

/** Opens backends by name. */
public enum Backends {
    /** The fastest that this build has on the machine: a GPU for ND4J, else {@link #VECTOR}. */
    AUTO {
        @Override
        public Backend open(OptionalInt gpu) {
            return Nd4jBackend.gpu(gpu).orElseGet(VECTOR::open);
        }
    },
    /** The Vector API and oneDNN, on the CPU. */
    VECTOR {
        @Override
        public Backend open(OptionalInt gpu) {
            return new VectorBackend();
        }
    },
    /** ND4J, on the device that the build chose. */
    ND4J {
        @Override
        public Backend open(OptionalInt gpu) {
            return Nd4jBackend.open(gpu);
        }
    };

    /**
     * Opens a backend of this kind.
     *
     * @return the backend
     * @throws org.dnallama.config.ConfigException if this machine or this build lacks what it needs
     */
    public Backend open() {
        return open(OptionalInt.empty());
    }

    /**
     * Opens a backend of this kind where several GPUs may be seen.
     *
     * @param gpu the number of the one to compute on; of no meaning to what computes on the CPU
     * @return the backend
     * @throws org.dnallama.config.ConfigException if this machine or this build lacks what it needs
     */
    public abstract Backend open(OptionalInt gpu);

    /**
     * Its name in a configuration.
     *
     * @return the constant's name in lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
