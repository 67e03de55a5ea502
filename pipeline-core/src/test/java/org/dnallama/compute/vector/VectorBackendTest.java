package org.dnallama.compute.vector;

import org.dnallama.compute.Backend;
import org.dnallama.compute.BackendContract;

/** The Vector API kernels keep the contract; the build starts Java with the module. */
final class VectorBackendTest extends BackendContract {

    private final Backend backend = new VectorBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
