package org.dnallama.model;

import static org.dnallama.compute.Into.ADD;
import static org.dnallama.compute.Into.SET;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.Rotation;

/**
 * The LLaMA-3 transformer, forward and explicit backward: x += attention(norm(x)); x += mlp(norm(x)), over blocks; then
 * a last norm. Not safe for use by several threads: each has its own, over shared parameters.
 *
 * @see <a href="https://arxiv.org/abs/2407.21783">Llama Team 2024</a>
 */
public final class Llama implements AutoCloseable {

    /** Shapes of batch whose memory is kept: training's, and a shorter one of a last batch or an evaluation. */
    private static final int KEPT_SHAPES = 2;

    private final Backend backend;
    private final LlamaConfig config;
    private final ActivationMemory memory;
    private final Projections projections;
    private final Matrix ropeTable;
    private final List<String> addedTables;
    private final Deque<Activations> kept = new ArrayDeque<>();
    private final Deque<Activations> passing = new ArrayDeque<>();
    private final Deque<Activations> passingFew = new ArrayDeque<>();

    /**
     * A model of a shape, without parameters of its own.
     *
     * @param backend where it computes
     * @param config its shape
     * @param memory what a forward keeps for its backward
     */
    public Llama(Backend backend, LlamaConfig config, ActivationMemory memory) {
        this.backend = backend;
        this.config = config;
        this.memory = memory;
        this.projections = new Projections(backend);
        this.ropeTable = RotaryTable.of(backend, config);
        this.addedTables = config.extensions().tables(config).stream()
                .map(TensorSpec::name)
                .toList();
    }

    /**
     * Its shape.
     *
     * @return the configuration
     */
    public LlamaConfig config() {
        return config;
    }

    /**
     * Where it computes.
     *
     * @return the backend
     */
    public Backend backend() {
        return backend;
    }

    /**
     * The last hidden states.
     *
     * @param theta parameters
     * @param batch token rows
     * @param dropout of the branches' outputs
     * @return shape (rows * sequenceLength, dim), normed; valid until the next forward
     * @throws IllegalArgumentException if the rows are longer than the context
     */
    public Matrix forward(Parameters theta, Batch batch, Dropouts dropout) {
        return forward(theta, batch, dropout, activations(kept, memory, batch), withinRows(batch));
    }

    /**
     * The last hidden states without dropout, where no backward follows.
     *
     * @param theta parameters
     * @param batch token rows
     * @return as {@link #forward}
     * @throws IllegalArgumentException if the rows are longer than the context
     */
    public Matrix read(Parameters theta, Batch batch) {
        return forward(theta, batch, Dropouts.NONE, passing(batch), withinRows(batch));
    }

    /**
     * The last hidden states of tokens that follow those in a cache, which takes up the new ones' keys and values.
     *
     * @param theta parameters, the same for all tokens of the cache
     * @param cache what came before
     * @param tokens each row's new tokens, at least one; rows may differ in length
     * @return shape (rows * longest, dim), normed: row r's token t is at r * longest + t, and what lies beyond a row's
     *     own tokens means nothing; valid until the next forward
     * @throws IllegalArgumentException if the tokens do not fit the cache
     */
    public Matrix extend(Parameters theta, KeyValueCache cache, List<int[]> tokens) {
        Batch batch = cache.next(tokens);
        Matrix hidden = forward(
                theta, batch, Dropouts.NONE, passing(batch), (l, block, shape) -> cache.attend(l, block, batch, shape));
        cache.advance(batch);
        return hidden;
    }

    /**
     * The last hidden states of some tokens alone, as a classifier reads them. In the last block the others give keys
     * and values and no more. No backward follows.
     *
     * @param theta parameters
     * @param batch token rows
     * @param tokens the wanted ones, as many of each row, row by row; numbers within the whole batch
     * @return shape (tokens, dim), normed; valid until the next forward
     * @throws IllegalArgumentException if the rows are longer than the context
     */
    public Matrix states(Parameters theta, Batch batch, int[] tokens) {
        Activations a = passing(batch);
        int last = config.layers() - 1;
        embed(theta, a, batch, Dropouts.NONE.ofInput());
        for (int l = 0; l < last; l++) {
            attentionForward(theta, l, a, batch, Dropouts.NONE, withinRows(batch));
            mlpForward(theta, l, a, Dropouts.NONE);
        }
        queriesKeysValues(theta, last, a, batch, Dropouts.NONE);
        Activations few = activations(passingFew, ActivationMemory.NONE, batch.rows(), tokens.length / batch.rows());
        Activations.Block block = a.blocks.get(last);
        Activations.Block wanted = few.blocks.get(last);
        backend.embedding(wanted.input(), SET, block.input(), tokens);
        backend.embedding(wanted.qkv(), SET, block.qkv(), tokens);
        backend.cachedAttention(
                wanted.attended(),
                wanted.qkv().columns(0, config.dim()),
                block.qkv().columns(config.dim(), config.qkvDim() - config.dim()),
                batch.ranges().of(tokens),
                few.attention);
        attentionBranch(theta, last, few, Dropouts.NONE);
        mlpForward(theta, last, few, Dropouts.NONE);
        return normedOutput(theta, few);
    }

    /** How a block's queries meet keys. */
    private interface Attending {
        void attend(int layer, Activations.Block block, AttentionShape shape);
    }

    private Attending withinRows(Batch batch) {
        return (l, block, shape) ->
                backend.attention(block.attended(), block.logSumExp(), block.qkv(), batch.ranges(), shape);
    }

    private Matrix forward(Parameters theta, Batch batch, Dropouts dropout, Activations a, Attending attending) {
        embed(theta, a, batch, dropout.ofInput());
        for (int l = 0; l < config.layers(); l++) {
            attentionForward(theta, l, a, batch, dropout, attending);
            mlpForward(theta, l, a, dropout);
        }
        return normedOutput(theta, a);
    }

    private Matrix normedOutput(Parameters theta, Activations a) {
        Buffer gain = theta.buffer(LlamaLayout.FINAL_NORM);
        backend.rmsNorm(a.output, a.outputInverseRms, a.last, gain, config.normEps());
        return a.output;
    }

    private void embed(Parameters theta, Activations a, Batch batch, Dropouts.Site dropout) {
        Matrix x = firstInput(a);
        backend.embedding(x, SET, theta.matrix(LlamaLayout.EMBEDDING), batch.tokens());
        for (int i = 0; i < addedTables.size(); i++) {
            backend.embedding(x, ADD, theta.matrix(addedTables.get(i)), addedIds(batch, i));
        }
        drop(x, dropout);
    }

    /** Rows of an added table: k-mers come first, then there may be positions. */
    private int[] addedIds(Batch batch, int table) {
        return table < config.extensions().kmers().size() ? batch.kmers().get(table) : batch.positions();
    }

    private void drop(Matrix x, Dropouts.Site dropout) {
        if (dropout.rate() > 0) {
            backend.dropout(x.buffer(), dropout.rate(), dropout.key());
        }
    }

    private void attentionForward(
            Parameters theta, int l, Activations a, Batch batch, Dropouts dropout, Attending attending) {
        queriesKeysValues(theta, l, a, batch, dropout);
        attending.attend(l, a.blocks.get(l), a.attention);
        attentionBranch(theta, l, a, dropout);
    }

    private void queriesKeysValues(Parameters theta, int l, Activations a, Batch batch, Dropouts dropout) {
        Activations.Block block = a.blocks.get(l);
        LlamaLayout.Layer names = new LlamaLayout.Layer(l);
        Buffer gain = theta.buffer(names.attentionNorm());
        backend.rmsNorm(block.attentionInput(), block.attentionInverseRms(), block.input(), gain, config.normEps());
        projections.forward(block.qkv(), SET, block.attentionInput(), theta, dropout, names.qkv());
        backend.rope(rotated(block.qkv()), config.headDim(), ropeTable, batch.positions(), Rotation.FORWARD);
    }

    private void attentionBranch(Parameters theta, int l, Activations a, Dropouts dropout) {
        Activations.Block block = a.blocks.get(l);
        Branch branch = new Branch(block.attended(), new LlamaLayout.Layer(l).o(), dropout.ofAttention(l));
        addBranch(block.middle(), block.input(), branch, theta, a, dropout);
    }

    private void mlpForward(Parameters theta, int l, Activations a, Dropouts dropout) {
        mlpHidden(theta, l, a, dropout);
        Activations.Block block = a.blocks.get(l);
        Branch branch = new Branch(block.hidden(), new LlamaLayout.Layer(l).down(), dropout.ofMlp(l));
        addBranch(a.afterBlock(l), block.middle(), branch, theta, a, dropout);
    }

    private void mlpHidden(Parameters theta, int l, Activations a, Dropouts dropout) {
        Activations.Block block = a.blocks.get(l);
        LlamaLayout.Layer names = new LlamaLayout.Layer(l);
        Buffer gain = theta.buffer(names.mlpNorm());
        backend.rmsNorm(block.mlpInput(), block.mlpInverseRms(), block.middle(), gain, config.normEps());
        projections.forward(block.gateUp(), SET, block.mlpInput(), theta, dropout, names.gateUp());
        backend.swiGlu(block.hidden(), block.gateUp());
    }

    /** What a branch ends in: a product with a weight, then dropout. */
    private record Branch(Matrix x, String weight, Dropouts.Site dropout) {}

    /** sum = residual + dropout(x w^T). */
    private void addBranch(
            Matrix sum, Matrix residual, Branch branch, Parameters theta, Activations a, Dropouts dropout) {
        if (sum != residual) {
            backend.copy(sum.buffer(), residual.buffer());
        }
        if (branch.dropout.rate() == 0) {
            projections.forward(sum, ADD, branch.x, theta, dropout, branch.weight);
        } else {
            projections.forward(a.branch, SET, branch.x, theta, dropout, branch.weight);
            backend.dropout(a.branch.buffer(), branch.dropout.rate(), branch.dropout.key());
            backend.addScaled(sum.buffer(), 1, a.branch.buffer());
        }
    }

    /**
     * Backward of the last {@link #forward}.
     *
     * @param theta the forward's parameters
     * @param batch the forward's rows
     * @param dropout the forward's
     * @param dOutput gradient of the last hidden states
     * @param gradient added to
     * @param done told when a block is done, as {@link Objective} tells it
     */
    public void backward(
            Parameters theta, Batch batch, Dropouts dropout, Matrix dOutput, Parameters gradient, IntConsumer done) {
        Activations a = activations(kept, memory, batch);
        Buffer gain = theta.buffer(LlamaLayout.FINAL_NORM);
        Buffer dGain = gainGradient(gradient, LlamaLayout.FINAL_NORM, a);
        backend.rmsNormBackward(a.dResidual, SET, dGain, dOutput, a.last, gain, a.outputInverseRms);
        done.accept(config.layers());
        for (int l = config.layers() - 1; l >= 0; l--) {
            if (a.isOverwritten(l)) {
                attentionForward(theta, l, a, batch, dropout, withinRows(batch));
                mlpHidden(theta, l, a, dropout);
            }
            mlpBackward(theta, l, a, dropout, gradient);
            attentionBackward(theta, l, a, batch, dropout, gradient);
            done.accept(l);
        }
        embedBackward(a.dResidual, batch, dropout.ofInput(), gradient);
    }

    /**
     * What each token brings to the objective, to first order: its summed embeddings times their gradient. Of the last
     * {@link #backward}, after a forward that kept all activations, without dropout.
     *
     * @param batch the backward's rows
     * @return one number a token, shape (rows * sequenceLength)
     */
    double[] inputTimesGradient(Batch batch) {
        return activations(kept, memory, batch).inputTimesGradient();
    }

    private void embedBackward(Matrix dx, Batch batch, Dropouts.Site dropout, Parameters gradient) {
        drop(dx, dropout);
        addRows(gradient, LlamaLayout.EMBEDDING, dx, batch.tokens());
        for (int i = 0; i < addedTables.size(); i++) {
            addRows(gradient, addedTables.get(i), dx, addedIds(batch, i));
        }
    }

    private void addRows(Parameters gradient, String table, Matrix dx, int[] ids) {
        if (gradient.has(table)) {
            backend.embeddingBackward(gradient.matrix(table), dx, ids);
        }
    }

    private void mlpBackward(Parameters theta, int l, Activations a, Dropouts dropout, Parameters gradient) {
        Activations.Block block = a.blocks.get(l);
        LlamaLayout.Layer names = new LlamaLayout.Layer(l);
        Matrix dBranch = branchGradient(a, dropout.ofMlp(l));
        projections.backward(a.dHidden, dBranch, block.hidden(), theta, dropout, gradient, names.down());
        backend.swiGluBackward(a.dGateUp, a.dHidden, block.gateUp());
        projections.backward(a.dNormed, a.dGateUp, block.mlpInput(), theta, dropout, gradient, names.gateUp());
        backend.rmsNormBackward(
                a.dResidual,
                ADD,
                gainGradient(gradient, names.mlpNorm(), a),
                a.dNormed,
                block.middle(),
                theta.buffer(names.mlpNorm()),
                block.mlpInverseRms());
    }

    private void attentionBackward(
            Parameters theta, int l, Activations a, Batch batch, Dropouts dropout, Parameters gradient) {
        Activations.Block block = a.blocks.get(l);
        LlamaLayout.Layer names = new LlamaLayout.Layer(l);
        Matrix dBranch = branchGradient(a, dropout.ofAttention(l));
        projections.backward(a.dNormed, dBranch, block.attended(), theta, dropout, gradient, names.o());
        backend.attentionBackward(
                a.dQkv, a.dNormed, block.attended(), block.logSumExp(), block.qkv(), batch.ranges(), a.attention);
        backend.rope(rotated(a.dQkv), config.headDim(), ropeTable, batch.positions(), Rotation.INVERSE);
        projections.backward(a.dNormed, a.dQkv, block.attentionInput(), theta, dropout, gradient, names.qkv());
        backend.rmsNormBackward(
                a.dResidual,
                ADD,
                gainGradient(gradient, names.attentionNorm(), a),
                a.dNormed,
                block.input(),
                theta.buffer(names.attentionNorm()),
                block.attentionInverseRms());
    }

    /** The gradient of a branch's output: the residual stream's, through the branch's dropout. */
    private Matrix branchGradient(Activations a, Dropouts.Site dropout) {
        if (dropout.rate() == 0) {
            return a.dResidual;
        }
        backend.copy(a.branch.buffer(), a.dResidual.buffer());
        backend.dropout(a.branch.buffer(), dropout.rate(), dropout.key());
        return a.branch;
    }

    /** Where a gain's gradient goes: a frozen gain's is computed with the input's and forgotten. */
    private static Buffer gainGradient(Parameters gradient, String name, Activations a) {
        return gradient.has(name) ? gradient.buffer(name) : a.forgotten;
    }

    private Matrix rotated(Matrix qkv) {
        return qkv.columns(0, (config.heads() + config.kvHeads()) * config.headDim());
    }

    private static Matrix firstInput(Activations a) {
        return a.blocks.get(0).input();
    }

    private Activations passing(Batch batch) {
        return activations(passing, ActivationMemory.NONE, batch);
    }

    private Activations activations(Deque<Activations> shapes, ActivationMemory memory, Batch batch) {
        if (batch.sequenceLength() > config.contextLength()) {
            throw new IllegalArgumentException("a row of %d tokens does not fit contextLength = %d"
                    .formatted(batch.sequenceLength(), config.contextLength()));
        }
        return activations(shapes, memory, batch.rows(), batch.sequenceLength());
    }

    private Activations activations(Deque<Activations> shapes, ActivationMemory memory, int rows, int sequenceLength) {
        for (Activations a : shapes) {
            if (a.rows == rows && a.sequenceLength == sequenceLength) {
                return a;
            }
        }
        if (shapes.size() == KEPT_SHAPES) {
            shapes.removeLast().close();
        }
        shapes.addFirst(new Activations(backend, config, memory, rows, sequenceLength));
        return shapes.getFirst();
    }

    @Override
    public void close() {
        List.of(kept, passing, passingFew).forEach(shapes -> shapes.forEach(Activations::close));
        projections.close();
        ropeTable.buffer().close();
    }
}
