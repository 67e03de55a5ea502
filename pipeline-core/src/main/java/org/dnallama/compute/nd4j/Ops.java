package org.dnallama.compute.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Swish;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whole-array operations into memory that is there already. ND4J has several forms of most operations; these are the
 * ones that run at the speed of memory on dense arrays. On views with gaps only {@link #matmul} and, from three
 * dimensions on, assign are fast.
 */
final class Ops {

    private Ops() {}

    /** c = alpha op(a) op(b) + beta c over the last two dimensions, where op transposes or not. */
    static void matmul(double alpha, Factor a, Factor b, double beta, INDArray c) {
        Nd4j.exec(DynamicCustomOp.builder("matmul")
                .addInputs(a.array, b.array)
                .addOutputs(c)
                .addIntegerArguments(a.transposed, b.transposed)
                .addFloatingPointArguments(alpha, beta)
                .build());
    }

    /** A factor of a matrix product. */
    record Factor(INDArray array, int transposed) {}

    /** The matrix as it is. */
    static Factor plain(INDArray matrix) {
        return new Factor(matrix, 0);
    }

    /** The matrix with its last two dimensions swapped. */
    static Factor transposed(INDArray matrix) {
        return new Factor(matrix, 1);
    }

    /** y = alpha m x + beta y, for a matrix and vectors. */
    static void matrixVector(double alpha, INDArray m, INDArray x, double beta, INDArray y) {
        matmul(alpha, plain(m), plain(x), beta, y);
    }

    /** z = x * y, elementwise; a dimension of 1 in y repeats. Not in place where y repeats: that is slow. */
    static void multiply(INDArray x, INDArray y, INDArray z) {
        named("multiply", z, x, y);
    }

    /** z = rows ids of table. */
    static void gather(INDArray table, INDArray ids, INDArray z) {
        Nd4j.exec(DynamicCustomOp.builder("gather")
                .addInputs(table, ids)
                .addOutputs(z)
                .addIntegerArguments(0)
                .build());
    }

    /** Row ids[r] of table += row r of rows, in the order of r. */
    static void scatterAdd(INDArray table, INDArray ids, INDArray rows) {
        named("scatter_add", table, table, ids, rows);
    }

    /** (left, right) = the halves of a matrix's rows. */
    static void split(INDArray whole, INDArray left, INDArray right) {
        Nd4j.exec(DynamicCustomOp.builder("split")
                .addInputs(whole)
                .addOutputs(left, right)
                .addIntegerArguments(2, 1)
                .build());
    }

    /** The inverse of {@link #split}. */
    static void join(INDArray left, INDArray right, INDArray whole) {
        Nd4j.exec(DynamicCustomOp.builder("concat")
                .addInputs(left, right)
                .addOutputs(whole)
                .addIntegerArguments(1)
                .build());
    }

    private static void named(String name, INDArray output, INDArray... inputs) {
        Nd4j.exec(DynamicCustomOp.builder(name)
                .addInputs(inputs)
                .addOutputs(output)
                .build());
    }

    /** y += factor x, for vectors. */
    static void addScaled(INDArray y, double factor, INDArray x) {
        exec(new Axpy(x, y, y, factor));
    }

    /** x[r,:] *= row, in place. */
    static void multiplyRows(INDArray x, INDArray row) {
        exec(new BroadcastMulOp(x, row, x, 1));
    }

    /** x[r,:] += row, in place. */
    static void addRows(INDArray x, INDArray row) {
        exec(new BroadcastAddOp(x, row, x, 1));
    }

    /** max[r] = largest of x[r,:]. */
    static void rowMax(INDArray max, INDArray x) {
        exec(new Max(x, max, false, 1));
    }

    /** x = exp(x). */
    static void exp(INDArray x) {
        exec(new Exp(x, x));
    }

    /** x = sqrt(x). */
    static void sqrt(INDArray x) {
        exec(new Sqrt(x, x));
    }

    /** x = 1 / sqrt(x). */
    static void inverseSqrt(INDArray x) {
        exec(new RSqrt(x, x));
    }

    /** y = 1 / (1 + exp(-x)). */
    static void sigmoid(INDArray x, INDArray y) {
        exec(new Sigmoid(x, y));
    }

    /** x = x / (1 + exp(-x)). */
    static void silu(INDArray x) {
        exec(new Swish(x, x));
    }

    /** x = min(max(x, -most), most). */
    static void clamp(INDArray x, double most) {
        exec(new ScalarMax(x, null, x, -most));
        exec(new ScalarMin(x, null, x, most));
    }

    private static void exec(Op op) {
        Nd4j.getExecutioner().exec(op);
    }

    /** Numbers of a dense array, as a vector. */
    static INDArray part(INDArray dense, long from, long count) {
        return Nd4j.create(dense.data(), new long[] {count}, new long[] {1}, dense.offset() + from, 'c');
    }

    /** A vector as a matrix of one column. */
    static INDArray column(INDArray vector) {
        return vector.reshape('c', new long[] {vector.length(), 1});
    }

    /** A vector as a matrix of one row. */
    static INDArray row(INDArray vector) {
        return vector.reshape('c', new long[] {1, vector.length()});
    }

    /** All values, in one transfer. */
    static float[] download(INDArray dense) {
        float[] values = new float[Math.toIntExact(dense.length())];
        // A copy, because the host's view of a buffer starts where the buffer does, not where the array does.
        try (INDArray copy = dense.dup('c')) {
            copy.data().asNioFloat().get(values);
        }
        return values;
    }
}
