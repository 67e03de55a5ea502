package org.dnallama.model;

import java.util.List;

/**
 * Name and shape of one parameter tensor.
 *
 * @param name its Hugging Face name, such as {@code model.norm.weight}
 * @param shape (rows, columns) of a matrix or (length) of a vector
 * @param decay whether weight decay applies
 */
public record TensorSpec(String name, List<Integer> shape, Decay decay) {

    /** Whether weight decay applies to a tensor. */
    public enum Decay {
        /** Matrices and tables. */
        DECAYED,
        /** Gains of norms. */
        NOT_DECAYED
    }

    /** Copies the shape. */
    public TensorSpec {
        shape = List.copyOf(shape);
    }

    /**
     * Numbers in the tensor.
     *
     * @return product of the shape
     */
    public long length() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
