package org.dnallama.compute.nd4j;

import org.dnallama.compute.Backend;
import org.dnallama.compute.BackendContract;

/** The contract again with a GPU's products, and with so little taken at once that every kernel works in pieces. */
final class Nd4jBlocksTest extends BackendContract {

    private final Backend backend = Nd4jBackend.open(new Device(100, 400, 7, Products.ND4J, Exponentials.ND4J));

    @Override
    protected Backend backend() {
        return backend;
    }
}
