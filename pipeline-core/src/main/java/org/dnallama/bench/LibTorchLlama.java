package org.dnallama.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dnallama.compute.KeyRanges;
import org.dnallama.model.Batch;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;

/**
 * The same model written in LibTorch's eager operations, with LibTorch's autograd as its backward: the peer of the
 * benchmark and an independent oracle for the tests. It shares no arithmetic with {@code compute} and {@code model}.
 */
public final class LibTorchLlama implements AutoCloseable {

    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String SCORE = "score.weight";
    private static final long MEAN = 1;
    private static final long IGNORED_TARGET = -1;
    /** Looks a tensor's dimension up from the end. */
    private static final long LAST = -1;

    private final LlamaConfig config;
    private final ScalarType type;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<String, TensorSpec> specs = new LinkedHashMap<>();
    private final Tensor cos;
    private final Tensor sin;

    /** The numbers that it computes in. */
    public enum Precision {
        /** As our engines do: for measurements. */
        FLOAT32(ScalarType.Float),
        /** For tests: its own rounding is far below ours. */
        FLOAT64(ScalarType.Double);

        private final ScalarType type;

        Precision(ScalarType type) {
            this.type = type;
        }
    }

    /**
     * A model with copies of given weights.
     *
     * @param config its shape
     * @param theta its weights, a language model's or a classifier's
     * @param precision what it computes in
     */
    public LibTorchLlama(LlamaConfig config, Parameters theta, Precision precision) {
        this.config = config;
        this.type = precision.type;
        for (TensorSpec spec : theta.specs()) {
            float[] values = new float[Math.toIntExact(spec.length())];
            theta.backend().read(theta.buffer(spec.name()), values);
            long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
            Tensor weight = tensor(values, shape);
            weight.set_requires_grad(true);
            weights.put(spec.name(), weight);
            specs.put(spec.name(), spec);
        }
        cos = angles(true);
        sin = angles(false);
    }

    /** Lets every thread compute alone, as our engines do; for the whole process. */
    public static void useOneThread() {
        torch.set_num_threads(1);
        openblas.blas_set_num_threads(1);
    }

    /**
     * Mean loss of a batch; its gradient is added to what {@link #gradient} gives.
     *
     * @param batch rows with targets
     * @return nats per target
     */
    public double lossAndGradient(Batch batch) {
        // Every tensor that is made on the way dies with the scope, not with Java's next garbage collection.
        try (PointerScope scope = new PointerScope()) {
            Tensor loss = loss(batch);
            loss.backward();
            return loss.item_double();
        }
    }

    /**
     * Probability of class 1 from each row's last token, without autograd; the weights are a classifier's.
     *
     * @param batch rows; targets are not read
     * @return one probability a row
     */
    public double[] probabilities(Batch batch) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            int[] last = new int[batch.rows()];
            Arrays.setAll(last, r -> r * batch.sequenceLength() + batch.lengths()[r] - 1);
            Tensor states = hidden(batch).view(-1, config.dim()).index_select(0, integers(last, last.length));
            Tensor classes = torch.softmax(torch.linear(states, weight(SCORE)), LAST);
            Tensor positive = classes.select(1, 1).to(ScalarType.Double).contiguous();
            double[] probabilities = new double[batch.rows()];
            new DoublePointer(positive.data_ptr()).get(probabilities);
            return probabilities;
        }
    }

    private Tensor loss(Batch batch) {
        String head = config.tiedEmbeddings() ? EMBEDDING : "lm_head.weight";
        Tensor logits = torch.linear(hidden(batch), weight(head));
        return torch.cross_entropy_loss(
                logits.view(-1, config.vocabularySize()),
                integers(batch.targets(), batch.targets().length),
                new TensorOptional(),
                MEAN,
                IGNORED_TARGET,
                0);
    }

    private Tensor hidden(Batch batch) {
        Tensor tokens = integers(batch.tokens(), batch.rows(), batch.sequenceLength());
        Tensor positions = integers(batch.positions(), batch.positions().length);
        long half = config.headDim() / 2;
        Turn turn = new Turn(
                cos.index_select(0, positions).view(batch.rows(), 1, batch.sequenceLength(), half),
                sin.index_select(0, positions).view(batch.rows(), 1, batch.sequenceLength(), half));
        TensorOptional mask = mask(batch);
        Tensor x = torch.embedding(weight(EMBEDDING), tokens);
        for (int l = 0; l < config.layers(); l++) {
            String block = "model.layers." + l + ".";
            x = x.add(attention(block + "self_attn.", norm(x, block + "input_layernorm.weight"), turn, mask));
            x = x.add(mlp(block + "mlp.", norm(x, block + "post_attention_layernorm.weight")));
        }
        return norm(x, "model.norm.weight");
    }

    private Tensor norm(Tensor x, String gain) {
        return torch.rms_norm(
                x, new long[] {config.dim()}, new TensorOptional(weight(gain)), new DoubleOptional(config.normEps()));
    }

    private Tensor attention(String name, Tensor x, Turn turn, TensorOptional mask) {
        Tensor q = turn.of(heads(x, name + "q_proj.weight", config.heads()));
        Tensor k = turn.of(heads(x, name + "k_proj.weight", config.kvHeads()));
        Tensor v = heads(x, name + "v_proj.weight", config.kvHeads());
        boolean causal = !mask.has_value();
        Tensor seen = torch.scaled_dot_product_attention(
                q, grouped(k), grouped(v), mask, 0.0, causal, new DoubleOptional(), false);
        Tensor joined = seen.transpose(1, 2).reshape(x.size(0), x.size(1), config.dim());
        return torch.linear(joined, weight(name + "o_proj.weight"));
    }

    /** Projects to (rows, heads, sequenceLength, headDim). */
    private Tensor heads(Tensor x, String projection, int heads) {
        return torch.linear(x, weight(projection))
                .view(x.size(0), x.size(1), heads, config.headDim())
                .transpose(1, 2);
    }

    /** Repeats each key or value head for the query heads that share it. */
    private Tensor grouped(Tensor x) {
        int group = config.heads() / config.kvHeads();
        return group == 1 ? x : x.repeat_interleave(group, new LongOptional(1), new LongOptional());
    }

    private Tensor mlp(String name, Tensor x) {
        Tensor gate = torch.silu(torch.linear(x, weight(name + "gate_proj.weight")));
        Tensor hidden = gate.mul(torch.linear(x, weight(name + "up_proj.weight")));
        return torch.linear(hidden, weight(name + "down_proj.weight"));
    }

    /** Rotary embedding at the positions of a batch; both of shape (rows, 1, sequenceLength, headDim / 2). */
    private record Turn(Tensor cos, Tensor sin) {
        Tensor of(Tensor x) {
            TensorVector halves = x.chunk(2, LAST);
            Tensor a = halves.get(0);
            Tensor b = halves.get(1);
            return torch.cat(
                    new TensorVector(a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))), LAST);
        }
    }

    /** Which keys each query sees, or nothing where plain causal attention says it. */
    private static TensorOptional mask(Batch batch) {
        int length = batch.sequenceLength();
        KeyRanges ranges = batch.ranges();
        boolean causal = true;
        float[] sees = new float[batch.rows() * length * length];
        for (int token = 0; token < ranges.first().length; token++) {
            int from = ranges.first()[token];
            int to = ranges.end()[token];
            causal &= from == 0 && to == token % length + 1;
            Arrays.fill(sees, token * length + from, token * length + to, 1f);
        }
        if (causal) {
            return new TensorOptional();
        }
        try (FloatPointer pointer = new FloatPointer(sees)) {
            Tensor mask = torch.from_blob(pointer, batch.rows(), 1, length, length);
            return new TensorOptional(mask.to(ScalarType.Bool));
        }
    }

    /**
     * A weight's gradient since it was last cleared.
     *
     * @param name the tensor
     * @return its numbers, row by row
     */
    public double[] gradient(String name) {
        try (PointerScope scope = new PointerScope()) {
            Tensor gradient = weight(name).grad().to(ScalarType.Double).contiguous();
            double[] values = new double[Math.toIntExact(gradient.numel())];
            new DoublePointer(gradient.data_ptr()).get(values);
            return values;
        }
    }

    /** Its weights by name, for an optimizer. */
    Map<String, Tensor> weights() {
        return java.util.Collections.unmodifiableMap(weights);
    }

    /** What is known of a weight. */
    TensorSpec spec(String name) {
        return java.util.Objects.requireNonNull(specs.get(name), name);
    }

    private Tensor weight(String name) {
        return java.util.Objects.requireNonNull(weights.get(name), name);
    }

    private Tensor angles(boolean cosine) {
        int half = config.headDim() / 2;
        float[] table = new float[config.contextLength() * half];
        for (int p = 0; p < config.contextLength(); p++) {
            for (int i = 0; i < half; i++) {
                double angle = p / Math.pow(config.ropeTheta(), 2.0 * i / config.headDim());
                table[p * half + i] = (float) (cosine ? Math.cos(angle) : Math.sin(angle));
            }
        }
        return tensor(table, config.contextLength(), half);
    }

    private Tensor tensor(float[] values, long... shape) {
        try (FloatPointer pointer = new FloatPointer(values);
                Tensor view = torch.from_blob(pointer, shape);
                Tensor copy = view.clone()) {
            return copy.to(type).detach();
        }
    }

    private static Tensor integers(int[] values, long... shape) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        try (LongPointer pointer = new LongPointer(wide);
                Tensor view = torch.from_blob(pointer, shape, new TensorOptions(ScalarType.Long))) {
            return view.clone();
        }
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
        cos.close();
        sin.close();
    }
}
