package org.dnallama.compute.blas;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/**
 * float32 products by oneDNN, each on the thread that asks for it. oneDNN writes its kernels for the processor that it
 * finds itself on; beside OpenBLAS it is a tenth to a third faster on the flat products of small models.
 */
public final class Sgemm {

    /** The call of OpenMP's that limits the native threads that work for the calling one. */
    private static final Function THREADS = openMp("omp_set_num_threads");

    /** Takes effect on a thread's first product, as OpenMP keeps the number for each thread. */
    private static final ThreadLocal<Integer> ALONE = ThreadLocal.withInitial(() -> {
        // Parallelism is over micro-batches, in Java; native threads on top of it would only fight for the cores.
        THREADS.invokeVoid(new Object[] {1});
        return 1;
    });

    private Sgemm() {}

    /** Keeps oneDNN from starting threads for the calling one. */
    static void onThisThreadAlone() {
        ALONE.get();
    }

    /** Whether a factor is taken as it lies in memory. */
    public enum Op {
        /** As it lies. */
        PLAIN('N'),
        /** With rows and columns swapped. */
        TRANSPOSED('T');

        private final byte letter;

        Op(char letter) {
            this.letter = (byte) letter;
        }
    }

    /**
     * A row-major matrix in memory.
     *
     * @param start its first number
     * @param stride numbers between the starts of two rows
     */
    public record Place(FloatPointer start, int stride) {}

    /**
     * What the product is of.
     *
     * @param rows of op(a) and c
     * @param columns of op(b) and c
     * @param inner columns of op(a), rows of op(b)
     */
    public record Shape(int rows, int columns, int inner) {}

    /**
     * c = op(a) op(b) + beta c. The same call gives the same bits.
     *
     * @param shape sizes of op(a), op(b) and c
     * @param opA what is done with a
     * @param a the left factor, before op
     * @param opB what is done with b
     * @param b the right factor, before op
     * @param beta what is kept of c; if 0, c need not hold numbers
     * @param c the result
     * @throws IllegalStateException if oneDNN refuses, as for want of memory
     */
    public static void multiply(Shape shape, Op opA, Place a, Op opB, Place b, float beta, Place c) {
        onThisThreadAlone();
        int status = dnnl.dnnl_sgemm(
                opA.letter,
                opB.letter,
                shape.rows,
                shape.columns,
                shape.inner,
                1f,
                a.start,
                a.stride,
                b.start,
                b.stride,
                beta,
                c.start,
                c.stride);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses a product, %s: status %d".formatted(shape, status));
        }
    }

    /** A function of the OpenMP library that oneDNN itself is linked to: a process may hold several. */
    private static Function openMp(String name) {
        int lazyAndLocal = 1;
        return NativeLibrary.getInstance(Loader.load(dnnl.class), Map.of(Library.OPTION_OPEN_FLAGS, lazyAndLocal))
                .getFunction(name);
    }
}
