package org.dnallama.compute.nd4j;

import org.dnallama.compute.Backend;
import org.dnallama.compute.BackendContract;

/** The array kernels keep the contract, on the CPU. */
final class Nd4jBackendTest extends BackendContract {

    private final Backend backend = Nd4jBackend.open();

    @Override
    protected Backend backend() {
        return backend;
    }
}
