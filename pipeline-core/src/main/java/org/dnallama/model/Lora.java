package org.dnallama.model;

import static org.dnallama.compute.Into.ADD;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;

/**
 * Low-rank adapters beside frozen weights: w stands for w + scale B A, with A of shape (rank, inputs), B of shape
 * (outputs, rank) and scale = alpha / rank.
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021</a>
 */
public final class Lora {

    private Lora() {}

    /** Name of a weight's A. */
    static String a(String weight) {
        return part(weight, "lora_A");
    }

    /** Name of a weight's B. */
    static String b(String weight) {
        return part(weight, "lora_B");
    }

    private static String part(String weight, String letter) {
        return weight.substring(0, weight.length() - "weight".length()) + letter + ".weight";
    }

    /**
     * Freezes a model and sets fresh adapters beside it. B is zero, so that nothing changes yet; A is uniform within 1
     * / sqrt(inputs), as PyTorch starts a linear layer. An adapter's values depend on the seed and its name alone.
     *
     * @param whole parameters of a whole model; taken over, and closed unless they are returned
     * @param settings which adapters; with rank 0 there are none and the parameters come back as they are
     * @param seeds the run's
     * @return adapters and saved modules over the frozen rest, to be closed by the caller
     * @throws ConfigException if a module that is to be saved is not in the model
     */
    public static Parameters adapt(Parameters whole, LoraSettings settings, Seeds seeds) {
        if (settings.rank() == 0) {
            return whole;
        }
        requireModules(whole, settings);
        Backend backend = whole.backend();
        Parameters theta = new Parameters(backend, trained(whole.groups(), settings), new LoraBase(whole, settings));
        for (TensorSpec spec : whole.specs()) {
            if (settings.saves(spec.name())) {
                backend.copy(theta.buffer(spec.name()), whole.buffer(spec.name()));
            } else if (settings.adapts(spec.name())) {
                initialize(backend, theta.matrix(a(spec.name())), seeds.stream("initialize " + a(spec.name())));
            }
        }
        whole.close();
        return theta;
    }

    private static void requireModules(Parameters whole, LoraSettings settings) {
        for (String module : settings.modulesToSave()) {
            if (whole.specs().stream().noneMatch(spec -> ("." + spec.name()).endsWith("." + module + ".weight"))) {
                throw new ConfigException(List.of("lora.modulesToSave: the model has no " + module
                        + " of its own (a tied head is embed_tokens, a classifier's is score)"));
            }
        }
    }

    /** The tensors that move: modules that are trained whole, and each target's A and B. */
    private static List<List<TensorSpec>> trained(List<List<TensorSpec>> whole, LoraSettings settings) {
        List<List<TensorSpec>> trained = new ArrayList<>();
        for (List<TensorSpec> group : whole) {
            for (TensorSpec spec : group) {
                if (settings.saves(spec.name())) {
                    trained.add(List.of(spec));
                } else if (settings.adapts(spec.name())) {
                    int outputs = spec.shape().get(0);
                    int inputs = spec.shape().get(1);
                    trained.add(
                            List.of(new TensorSpec(a(spec.name()), List.of(settings.rank(), inputs), spec.decay())));
                    trained.add(
                            List.of(new TensorSpec(b(spec.name()), List.of(outputs, settings.rank()), spec.decay())));
                }
            }
        }
        return trained;
    }

    private static void initialize(Backend backend, Matrix a, RandomGenerator random) {
        double bound = 1 / Math.sqrt(a.columns());
        float[] values = new float[a.rows() * a.columns()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        backend.write(a.buffer(), values);
    }

    /**
     * A plain model that computes what the adapted one does.
     *
     * @param theta adapters over a frozen base
     * @return new parameters, to be closed by the caller
     */
    public static Parameters merge(Parameters theta) {
        LoraBase base = theta.base().orElseThrow(() -> new IllegalArgumentException("there is nothing to merge into"));
        Parameters whole = new Parameters(theta.backend(), base.groups());
        for (List<TensorSpec> group : base.groups()) {
            Buffer target = whole.buffer(group);
            if (base.settings().saves(group.get(0).name())) {
                theta.backend().copy(target, theta.buffer(group));
            } else {
                base.read(group, target);
            }
        }
        addAdapters(whole, theta, base.settings().scale());
        return whole;
    }

    /**
     * Takes adapters out of a merged model again. Weights with an adapter come back to rounding; modules that were
     * trained whole stay as they are, because an adapter does not know what they were.
     *
     * @param merged from {@link #merge}; changed in place
     * @param theta the adapters that were merged
     */
    public static void unmerge(Parameters merged, Parameters theta) {
        LoraBase base = theta.base().orElseThrow(() -> new IllegalArgumentException("there are no adapters"));
        addAdapters(merged, theta, -base.settings().scale());
    }

    /** w += factor B A, for each adapted w. */
    private static void addAdapters(Parameters whole, Parameters theta, double factor) {
        Backend backend = whole.backend();
        try (Scratch scratch = new Scratch(backend)) {
            for (TensorSpec spec : whole.specs()) {
                if (theta.has(b(spec.name()))) {
                    Matrix b = theta.matrix(b(spec.name()));
                    Matrix scaled = scratch.matrix(b.rows(), b.columns());
                    backend.copy(scaled.buffer(), b.buffer());
                    backend.scale(scaled.buffer(), factor);
                    backend.linearInputGradient(whole.matrix(spec.name()), scaled, theta.matrix(a(spec.name())), ADD);
                }
            }
        }
    }
}
