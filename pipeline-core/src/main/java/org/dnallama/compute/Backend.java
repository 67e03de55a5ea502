package org.dnallama.compute;

/**
 * A compute device: memory, and the kernels that the model and the optimizers are written in. Kernels are safe to call
 * from several threads on disjoint outputs and give the same bits on every call.
 */
public interface Backend extends ModelKernels, OptimizerKernels {

    /**
     * Allocates zeros.
     *
     * @param length numbers
     * @return a new buffer, to be closed by the caller
     */
    Buffer allocate(long length);

    /**
     * Copies numbers in.
     *
     * @param target overwritten; as long as the source
     * @param source host values
     */
    void write(Buffer target, float[] source);

    /**
     * Copies numbers out.
     *
     * @param source as long as the target
     * @param target overwritten
     */
    void read(Buffer source, float[] target);
}
