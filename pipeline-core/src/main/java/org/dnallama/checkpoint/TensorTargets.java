package org.dnallama.checkpoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.dnallama.config.InputException;
import org.dnallama.model.Parameters;

/** Where the tensors of a checkpoint go: names and shapes of all of them are compared before one is filled. */
final class TensorTargets {

    private record Target(Parameters parameters, String bareName) {}

    private final Map<String, Target> targets = new HashMap<>();
    private final ExpectedTensors expected;

    /**
     * Takes all tensors of some parameters.
     *
     * @param parameters what to fill, by prefix of the tensors' names
     * @param optional names that may be missing and keep their values
     */
    TensorTargets(Map<String, Parameters> parameters, Set<String> optional) {
        expected = new ExpectedTensors(optional);
        parameters.forEach((prefix, tensors) -> tensors.specs().forEach(spec -> {
            targets.put(prefix + spec.name(), new Target(tensors, spec.name()));
            expected.add(prefix + spec.name(), spec.shape());
        }));
    }

    /** Tells that a table has fewer rows in the file, if it is among the targets; its other rows keep their values. */
    void expectRows(String name, int rows) {
        Target target = targets.get(name);
        if (target != null) {
            expected.add(
                    name,
                    List.of(rows, target.parameters.matrix(target.bareName).columns()));
        }
    }

    /**
     * Reads files.
     *
     * @param files with their headers
     * @param place their name, for messages
     * @param ignored names that may be there and are passed over
     * @throws InputException as {@link ExpectedTensors#compare}
     */
    void fill(List<TensorFile> files, String place, Predicate<String> ignored) throws IOException {
        expected.compare(files, place, ignored);
        for (TensorFile file : files) {
            file.read(targets::containsKey, this::accept);
        }
    }

    private void accept(String name, List<Integer> shape, long first, float[] chunk, int count) {
        Target target = Objects.requireNonNull(targets.get(name));
        float[] part = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
        Parameters parameters = target.parameters;
        parameters.backend().write(parameters.buffer(target.bareName).slice(first, count), part);
    }
}
