package org.dnallama.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;

/** What a forward pass keeps for its backward, and the backward's scratch, for one shape of batch. */
final class Activations implements AutoCloseable {

    /** One transformer block's. N is the number of tokens. */
    record Block(
            Matrix input, // (N, dim), the residual stream
            Matrix attentionInput, // (N, dim), normed
            Buffer attentionInverseRms, // (N)
            Matrix qkv, // (N, qkvDim), rotated
            Matrix attended, // (N, dim)
            Buffer logSumExp, // (N * heads)
            Matrix middle, // (N, dim), the residual stream after attention
            Matrix mlpInput, // (N, dim), normed
            Buffer mlpInverseRms, // (N)
            Matrix gateUp, // (N, 2 * hiddenDim)
            Matrix hidden) { // (N, hiddenDim)

        /** A block that shares all but its input. */
        Block withInput(Matrix other) {
            return new Block(
                    other,
                    attentionInput,
                    attentionInverseRms,
                    qkv,
                    attended,
                    logSumExp,
                    middle,
                    mlpInput,
                    mlpInverseRms,
                    gateUp,
                    hidden);
        }
    }

    final int rows;
    final int sequenceLength;
    final AttentionShape attention;
    final List<Block> blocks = new ArrayList<>();
    final Matrix last; // (N, dim), the residual stream after the last block
    final Matrix output; // (N, dim), normed
    final Buffer outputInverseRms; // (N)
    final Matrix branch; // (N, dim), scratch of dropout and of the backward
    final Buffer forgotten; // (dim), where gradients of frozen gains go
    final Matrix dResidual; // (N, dim)
    final Matrix dNormed; // (N, dim)
    final Matrix dQkv; // (N, qkvDim)
    final Matrix dGateUp; // (N, 2 * hiddenDim)
    final Matrix dHidden; // (N, hiddenDim)
    private final Backend backend;
    private final ActivationMemory memory;
    private final List<Buffer> owned = new ArrayList<>();

    Activations(Backend backend, LlamaConfig config, ActivationMemory memory, int rows, int sequenceLength) {
        this.backend = backend;
        this.memory = memory;
        this.rows = rows;
        this.sequenceLength = sequenceLength;
        this.attention = new AttentionShape(rows, sequenceLength, config.heads(), config.kvHeads(), config.headDim());
        int tokens = attention.tokens();
        if (memory == ActivationMemory.NONE) {
            blocks.addAll(Collections.nCopies(config.layers(), passing(config)));
            last = blocks.get(0).input();
            output = blocks.get(0).attentionInput();
        } else {
            for (int l = 0; l < config.layers(); l++) {
                Matrix input = matrix(tokens, config.dim());
                boolean shared = l > 0 && memory == ActivationMemory.CHECKPOINTED;
                blocks.add(shared ? blocks.get(0).withInput(input) : block(config, input));
            }
            last = matrix(tokens, config.dim());
            output = matrix(tokens, config.dim());
        }
        outputInverseRms = buffer(tokens);
        // What only a backward uses has no rows where none follows.
        int gradients = memory == ActivationMemory.NONE ? 0 : tokens;
        branch = matrix(gradients, config.dim());
        forgotten = buffer(config.dim());
        dResidual = matrix(gradients, config.dim());
        dNormed = matrix(gradients, config.dim());
        dQkv = matrix(gradients, config.qkvDim());
        dGateUp = matrix(gradients, 2 * config.hiddenDim());
        dHidden = matrix(gradients, config.hiddenDim());
    }

    /** A block that changes the residual stream in place and keeps no input of any product. */
    private Block passing(LlamaConfig config) {
        int tokens = attention.tokens();
        Matrix residual = matrix(tokens, config.dim());
        Matrix normed = matrix(tokens, config.dim());
        Buffer inverseRms = buffer(tokens);
        return new Block(
                residual,
                normed,
                inverseRms,
                matrix(tokens, config.qkvDim()),
                normed, // is not read any more when attention writes
                buffer((long) tokens * config.heads()),
                residual,
                normed,
                inverseRms,
                matrix(tokens, 2 * config.hiddenDim()),
                matrix(tokens, config.hiddenDim()));
    }

    private Block block(LlamaConfig config, Matrix input) {
        int tokens = input.rows();
        return new Block(
                input,
                matrix(tokens, config.dim()),
                buffer(tokens),
                matrix(tokens, config.qkvDim()),
                matrix(tokens, config.dim()),
                buffer((long) tokens * config.heads()),
                matrix(tokens, config.dim()),
                matrix(tokens, config.dim()),
                buffer(tokens),
                matrix(tokens, 2 * config.hiddenDim()),
                matrix(tokens, config.hiddenDim()));
    }

    /** Whether another block has overwritten block {@code l} since the forward; the last one still stands. */
    boolean isOverwritten(int l) {
        return memory == ActivationMemory.CHECKPOINTED && l + 1 < blocks.size();
    }

    /** Numbers that all of it takes. */
    long numbers() {
        return owned.stream().mapToLong(Buffer::length).sum();
    }

    /** The residual stream that block {@code l} writes. */
    Matrix afterBlock(int l) {
        return l + 1 < blocks.size() ? blocks.get(l + 1).input() : last;
    }

    private Matrix matrix(int tokens, int columns) {
        return Matrix.of(buffer((long) tokens * columns), tokens, columns);
    }

    private Buffer buffer(long length) {
        Buffer buffer = backend.allocate(length);
        owned.add(buffer);
        return buffer;
    }

    /** The first input times its gradient, summed over each token's numbers. */
    double[] inputTimesGradient() {
        Matrix x = blocks.get(0).input();
        float[] inputs = new float[x.rows() * x.columns()];
        float[] gradients = inputs.clone();
        backend.read(x.buffer(), inputs);
        backend.read(dResidual.buffer(), gradients);
        double[] products = new double[x.rows()];
        for (int i = 0; i < inputs.length; i++) {
            products[i / x.columns()] += (double) inputs[i] * gradients[i];
        }
        return products;
    }

    @Override
    public void close() {
        owned.forEach(Buffer::close);
    }
}
