package org.dnallama.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.dnallama.config.InputException;

/** Names and shapes of the tensors that a checkpoint must have. */
final class ExpectedTensors {

    private final Map<String, List<Integer>> shapes = new TreeMap<>();
    private final Set<String> optional;

    /**
     * Expects nothing yet.
     *
     * @param optional names that may be missing
     */
    ExpectedTensors(Set<String> optional) {
        this.optional = Set.copyOf(optional);
    }

    /** Expects a tensor, in this shape from now on. */
    void add(String name, List<Integer> shape) {
        shapes.put(name, shape);
    }

    boolean contains(String name) {
        return shapes.containsKey(name);
    }

    /**
     * Compares files with what is expected.
     *
     * @param files with their headers
     * @param place their name, for messages
     * @param ignored names that may be there without being expected
     * @throws InputException with the names of all tensors that are missing, unknown, doubled or of another shape
     */
    void compare(List<TensorFile> files, String place, Predicate<String> ignored) {
        Set<String> missing = new TreeSet<>(shapes.keySet());
        missing.removeAll(optional);
        Set<String> unknown = new TreeSet<>();
        List<String> others = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (TensorFile file : files) {
            for (SafetensorsHeader.Place tensor : file.header().tensors()) {
                String name = tensor.name();
                List<Integer> shape = shapes.get(name);
                String before = seen.put(name, file.path());
                if (before != null) {
                    others.add("%s is in %s and in %s".formatted(name, before, file.path()));
                } else if (shape == null && !ignored.test(name)) {
                    unknown.add(name);
                } else if (shape != null && !shape.equals(tensor.shape())) {
                    others.add("%s has shape %s, config.json asks for %s".formatted(name, tensor.shape(), shape));
                }
                missing.remove(name);
            }
        }
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
}
