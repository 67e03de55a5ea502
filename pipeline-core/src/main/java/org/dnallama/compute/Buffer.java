package org.dnallama.compute;

/** A run of real numbers in a backend's memory. A slice shares its parent's memory and must not outlive it. */
public interface Buffer extends AutoCloseable {

    /**
     * How many numbers it holds.
     *
     * @return the length, in numbers
     */
    long length();

    /**
     * A view of a part.
     *
     * @param offset first number of the part
     * @param length numbers in the part
     * @return a buffer over the same memory
     * @throws IndexOutOfBoundsException if the part does not lie inside
     */
    Buffer slice(long offset, long length);

    /** Frees the memory; does nothing on a slice. */
    @Override
    void close();
}
