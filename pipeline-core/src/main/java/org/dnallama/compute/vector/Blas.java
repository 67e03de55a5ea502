package org.dnallama.compute.vector;

import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

/** Matrix products by OpenBLAS, one BLAS thread for each Java thread. */
final class Blas {

    static {
        // Parallelism is over micro-batches, in Java; BLAS threads on top of it would only fight for the cores.
        blas_set_num_threads(1);
    }

    private Blas() {}

    /** c = op(a) op(b) + beta c, where op transposes or not. */
    static void gemm(int transposeA, int transposeB, View a, View b, float beta, View c) {
        int inner = transposeA == CblasTrans ? a.rows() : a.columns();
        cblas_sgemm(
                CblasRowMajor,
                transposeA,
                transposeB,
                c.rows(),
                c.columns(),
                inner,
                1f,
                a.pointer(),
                a.stride(),
                b.pointer(),
                b.stride(),
                beta,
                c.pointer(),
                c.stride());
    }
}
