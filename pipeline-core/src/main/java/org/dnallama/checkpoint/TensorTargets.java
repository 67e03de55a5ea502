package org.dnallama.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dnallama.config.InputException;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;

/** Where the tensors of a checkpoint go: compares names and shapes of all of them first, then fills the parameters. */
final class TensorTargets {

    private record Target(Parameters parameters, TensorSpec spec, List<Integer> storedShape) {}

    private final Map<String, Target> targets = new TreeMap<>();
    private final Set<String> optional;

    /**
     * Takes all tensors of some parameters.
     *
     * @param parameters what to fill, by prefix of the tensors' names
     * @param optional names that may be missing and keep their values
     */
    TensorTargets(Map<String, Parameters> parameters, Set<String> optional) {
        this.optional = Set.copyOf(optional);
        parameters.forEach((prefix, tensors) -> tensors.specs()
                .forEach(spec -> targets.put(prefix + spec.name(), new Target(tensors, spec, spec.shape()))));
    }

    /** Tells that a table has fewer rows in the file; its other rows keep their values. */
    void expectRows(String name, int rows) {
        targets.computeIfPresent(
                name,
                (key, target) -> new Target(
                        target.parameters,
                        target.spec,
                        List.of(rows, target.spec.shape().get(1))));
    }

    /**
     * Reads files.
     *
     * @param files with their headers
     * @param place their name, for messages
     * @param ignored names that may be there and are passed over
     * @throws InputException with the names of all tensors that are missing, unknown, doubled or of another shape
     */
    void fill(List<TensorFile> files, String place, java.util.function.Predicate<String> ignored) throws IOException {
        compare(files, place, ignored);
        for (TensorFile file : files) {
            file.read(targets::containsKey, this::accept);
        }
    }

    private void compare(List<TensorFile> files, String place, java.util.function.Predicate<String> ignored) {
        Set<String> missing = new TreeSet<>(targets.keySet());
        Set<String> unknown = new TreeSet<>();
        List<String> others = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (TensorFile file : files) {
            for (SafetensorsHeader.Place tensor : file.header().tensors()) {
                String name = tensor.name();
                Target target = targets.get(name);
                String before = seen.put(name, file.path());
                if (before != null) {
                    others.add("%s is in %s and in %s".formatted(name, before, file.path()));
                } else if (target == null && !ignored.test(name)) {
                    unknown.add(name);
                } else if (target != null && !target.storedShape.equals(tensor.shape())) {
                    others.add("%s has shape %s, config.json asks for %s"
                            .formatted(name, tensor.shape(), target.storedShape));
                }
                missing.remove(name);
            }
        }
        missing.removeAll(optional);
        report(place, missing, unknown, others);
    }

    private static void report(String place, Set<String> missing, Set<String> unknown, List<String> others) {
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add("has no " + String.join(", ", missing));
        }
        if (!unknown.isEmpty()) {
            problems.add("has unknown tensors " + String.join(", ", unknown));
        }
        problems.addAll(others);
        if (!problems.isEmpty()) {
            throw new InputException(
                    place + ": " + String.join("; ", problems) + "; is it a checkpoint of another architecture?");
        }
    }

    private void accept(String name, List<Integer> shape, long first, float[] chunk, int count) {
        Target target = Objects.requireNonNull(targets.get(name));
        float[] part = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
        Parameters parameters = target.parameters;
        parameters.backend().write(parameters.buffer(target.spec.name()).slice(first, count), part);
    }
}
