package org.dnallama.compute.nd4j;

import org.dnallama.compute.Into;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.blas.Sgemm;
import org.dnallama.compute.blas.Sgemm.Op;

/** Who multiplies a device's matrices. */
enum Products {

    /** ND4J: cuBLAS on a GPU. */
    ND4J {
        @Override
        void multiply(Matrix c, Op opA, Matrix a, Op opB, Matrix b, Into into) {
            Ops.matmul(1, factor(opA, a), factor(opB, b), into == Into.ADD ? 1 : 0, Nd4jBuffer.matrix(c));
        }
    },

    /** oneDNN on ND4J's memory, where that is the CPU's: ND4J's own products there are OpenBLAS's, which are slower. */
    ONE_DNN {
        @Override
        void multiply(Matrix c, Op opA, Matrix a, Op opB, Matrix b, Into into) {
            int inner = opA == Op.PLAIN ? a.columns() : a.rows();
            Sgemm.Shape shape = new Sgemm.Shape(c.rows(), c.columns(), inner);
            float beta = into == Into.ADD ? 1 : 0;
            Sgemm.multiply(shape, opA, Nd4jBuffer.place(a), opB, Nd4jBuffer.place(b), beta, Nd4jBuffer.place(c));
        }
    };

    /** c (+)= op(a) op(b). */
    abstract void multiply(Matrix c, Op opA, Matrix a, Op opB, Matrix b, Into into);

    private static Ops.Factor factor(Op op, Matrix matrix) {
        return op == Op.PLAIN ? Ops.plain(Nd4jBuffer.matrix(matrix)) : Ops.transposed(Nd4jBuffer.matrix(matrix));
    }
}
