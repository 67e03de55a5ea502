package org.dnallama.model;

import static org.dnallama.model.TensorSpec.Decay.DECAYED;
import static org.dnallama.model.TensorSpec.Decay.NOT_DECAYED;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.config.Seeds;

/** Names, shapes and initial values of a LLaMA's tensors, under Hugging Face's names. */
public final class LlamaLayout {

    /** The token embedding table, shape (vocabularySize, dim). */
    public static final String EMBEDDING = "model.embed_tokens.weight";
    /** Gain of the last norm, shape (dim). */
    public static final String FINAL_NORM = "model.norm.weight";
    /** Untied language-model head, shape (vocabularySize, dim). */
    public static final String LM_HEAD = "lm_head.weight";
    /** Embeddings of positions, shape (contextLength, dim), if the model has them. */
    public static final String POSITIONS = "model.embed_positions.weight";
    /** Classifier head, shape (2, dim), or (2, 2 dim) for both ends. */
    public static final String SCORE = "score.weight";
    /** What flat pooling multiplies states with, shape (contextLength, dim). */
    public static final String POOL = "pool.weight";
    /** Tells in training which bases were replaced, shape (2, dim); not part of a finished model. */
    public static final String REPLACED = "replaced.weight";
    /** Classes of the classifier. */
    public static final int CLASSES = 2;

    private static final Pattern BLOCK = Pattern.compile("model\\.layers\\.(\\d+)\\..*");

    private LlamaLayout() {}

    /**
     * The tensors of a model; a classifier reads the last token.
     *
     * @param config the shape
     * @param head what stands on top
     * @return tensors in groups
     */
    public static List<List<TensorSpec>> groups(LlamaConfig config, Head head) {
        return groups(config, head, Pooling.LAST);
    }

    /**
     * The tensors of a model. Those of one group are neighbours in memory, so that q, k, v and gate, up are each one
     * matrix product.
     *
     * @param config the shape
     * @param head what stands on top
     * @param pooling which states a classifier reads
     * @return tensors in groups
     */
    public static List<List<TensorSpec>> groups(LlamaConfig config, Head head, Pooling pooling) {
        List<List<TensorSpec>> groups = new ArrayList<>();
        int dim = config.dim();
        int kvDim = config.kvHeads() * config.headDim();
        groups.add(List.of(matrix(EMBEDDING, config.vocabularySize(), dim)));
        config.extensions().tables(config).forEach(table -> groups.add(List.of(table)));
        for (int l = 0; l < config.layers(); l++) {
            Layer names = new Layer(l);
            groups.add(List.of(vector(names.attentionNorm(), dim)));
            groups.add(
                    List.of(matrix(names.q(), dim, dim), matrix(names.k(), kvDim, dim), matrix(names.v(), kvDim, dim)));
            groups.add(List.of(matrix(names.o(), dim, dim)));
            groups.add(List.of(vector(names.mlpNorm(), dim)));
            groups.add(List.of(
                    matrix(names.gate(), config.hiddenDim(), dim), matrix(names.up(), config.hiddenDim(), dim)));
            groups.add(List.of(matrix(names.down(), dim, config.hiddenDim())));
        }
        groups.add(List.of(vector(FINAL_NORM, dim)));
        if (head == Head.CLASSIFIER) {
            groups.add(List.of(matrix(SCORE, CLASSES, pooling == Pooling.ENDS ? 2 * dim : dim)));
            if (pooling == Pooling.FLAT) {
                groups.add(List.of(new TensorSpec(POOL, List.of(config.contextLength(), dim), NOT_DECAYED)));
            }
        } else if (!config.tiedEmbeddings()) {
            groups.add(List.of(matrix(LM_HEAD, config.vocabularySize(), dim)));
        }
        return groups;
    }

    /**
     * Adds the tensor of the auxiliary task that asks of each base whether it was replaced.
     *
     * @param groups a classifier's tensors
     * @param config the shape
     * @return tensors in groups
     */
    public static List<List<TensorSpec>> withReplaced(List<List<TensorSpec>> groups, LlamaConfig config) {
        List<List<TensorSpec>> more = new ArrayList<>(groups);
        more.add(List.of(matrix(REPLACED, CLASSES, config.dim())));
        return more;
    }

    /**
     * New parameters by the rule {@link Initialization.Kind#CONSTANT}.
     *
     * @param backend where they live
     * @param config the shape
     * @param head what stands on top
     * @param std standard deviation
     * @param seeds the run's
     * @return parameters, to be closed by the caller
     */
    public static Parameters initialize(Backend backend, LlamaConfig config, Head head, double std, Seeds seeds) {
        return initialize(backend, config, groups(config, head), Initialization.constant(std), seeds);
    }

    /**
     * New parameters. A tensor's values depend on the seed and its name alone.
     *
     * @param backend where they live
     * @param config the shape
     * @param groups the tensors
     * @param initialization how wide they are spread
     * @param seeds the run's
     * @return parameters, to be closed by the caller
     */
    public static Parameters initialize(
            Backend backend,
            LlamaConfig config,
            List<List<TensorSpec>> groups,
            Initialization initialization,
            Seeds seeds) {
        Parameters theta = new Parameters(backend, groups);
        theta.specs().forEach(spec -> initialize(theta, spec, config, initialization, seeds));
        return theta;
    }

    /**
     * The tensor that a language model's logits are made with.
     *
     * @param config the shape
     * @return the embedding table, or the head of its own
     */
    public static String languageModelHead(LlamaConfig config) {
        return config.tiedEmbeddings() ? EMBEDDING : LM_HEAD;
    }

    /**
     * New values of one tensor, the same as when all are new.
     *
     * @param theta overwritten there
     * @param spec the tensor
     * @param config the shape
     * @param initialization how wide it is spread
     * @param seeds the run's
     */
    public static void initialize(
            Parameters theta, TensorSpec spec, LlamaConfig config, Initialization initialization, Seeds seeds) {
        Backend backend = theta.backend();
        Buffer values = theta.buffer(spec.name());
        if (spec.shape().size() == 1) {
            backend.fill(values, 1);
            return;
        }
        double deviation = initialization.deviation(spec, config);
        var random = seeds.stream("initialize " + spec.name());
        Matrix matrix = theta.matrix(spec.name());
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < matrix.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = (float) (deviation * random.nextGaussian());
            }
            backend.write(values.slice((long) r * row.length, row.length), row);
        }
    }

    /**
     * The block that a tensor belongs to.
     *
     * @param tensor its name
     * @return the block's number, or -1 if it is in none
     */
    public static int block(String tensor) {
        Matcher matcher = BLOCK.matcher(tensor);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    private static TensorSpec matrix(String name, int rows, int columns) {
        return new TensorSpec(name, List.of(rows, columns), DECAYED);
    }

    private static TensorSpec vector(String name, int length) {
        return new TensorSpec(name, List.of(length), NOT_DECAYED);
    }

    /**
     * Names of one block's tensors.
     *
     * @param index the block, from 0
     */
    record Layer(int index) {
        /** Neighbours: one product gives all three. */
        String[] qkv() {
            return new String[] {q(), k(), v()};
        }

        /** Neighbours: one product gives both. */
        String[] gateUp() {
            return new String[] {gate(), up()};
        }

        String attentionNorm() {
            return name("input_layernorm");
        }

        String q() {
            return name("self_attn.q_proj");
        }

        String k() {
            return name("self_attn.k_proj");
        }

        String v() {
            return name("self_attn.v_proj");
        }

        String o() {
            return name("self_attn.o_proj");
        }

        String mlpNorm() {
            return name("post_attention_layernorm");
        }

        String gate() {
            return name("mlp.gate_proj");
        }

        String up() {
            return name("mlp.up_proj");
        }

        String down() {
            return name("mlp.down_proj");
        }

        private String name(String part) {
            return "model.layers." + index + "." + part + ".weight";
        }
    }
}
