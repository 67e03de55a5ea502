package org.dnallama.compute.vector;

import org.dnallama.compute.Backend;
import org.dnallama.compute.BackendContract;

/** The plain Java fallback keeps the contract too. */
final class ScalarBackendTest extends BackendContract {

    private final Backend backend = VectorBackend.scalar();

    @Override
    protected Backend backend() {
        return backend;
    }
}
