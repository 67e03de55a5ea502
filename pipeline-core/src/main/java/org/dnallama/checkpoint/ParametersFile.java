package org.dnallama.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.dnallama.compute.Buffer;
import org.dnallama.config.InputException;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;

/** Parameters to and from a safetensors file, without a second copy of them in memory. */
public final class ParametersFile {

    private ParametersFile() {}

    /**
     * Writes named tensors.
     *
     * @param storage the checkpoint folder
     * @param path the file
     * @param parameters what to write, by prefix of the tensors' names
     * @throws IOException if it cannot be written
     */
    public static void write(Storage storage, String path, Map<String, Parameters> parameters) throws IOException {
        List<Safetensors.Entry> entries = new ArrayList<>();
        parameters.forEach((prefix, tensors) -> {
            for (TensorSpec spec : tensors.specs()) {
                entries.add(new Safetensors.Entry(
                        prefix + spec.name(), spec.shape(), source(tensors, tensors.buffer(spec.name()))));
            }
        });
        try (OutputStream out = storage.create(path)) {
            Safetensors.write(out, entries, Map.of("format", "pt"));
        }
    }

    private static Safetensors.Source source(Parameters tensors, Buffer buffer) {
        return (first, chunk, count) -> {
            float[] part = count == chunk.length ? chunk : new float[count];
            tensors.backend().read(buffer.slice(first, count), part);
            if (part != chunk) {
                System.arraycopy(part, 0, chunk, 0, count);
            }
        };
    }

    /**
     * Reads tensors into parameters; all of them must be there with the right shape.
     *
     * @param storage the checkpoint folder
     * @param path the file
     * @param parameters what to fill, by prefix of the tensors' names
     * @param optional names that may be missing and keep their values
     * @return names in the file that nothing took
     * @throws IOException if it cannot be read
     * @throws InputException if a tensor is missing or has another shape
     */
    public static Set<String> read(
            Storage storage, String path, Map<String, Parameters> parameters, Set<String> optional) throws IOException {
        String place = storage.describe() + "/" + path;
        Set<String> missing = new TreeSet<>();
        parameters.forEach((prefix, tensors) -> tensors.specs().forEach(spec -> missing.add(prefix + spec.name())));
        missing.removeAll(optional);
        Set<String> unused = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        try (InputStream in = new BufferedInputStream(storage.open(path))) {
            Safetensors.read(in, place, (name, shape, first, chunk, count) -> {
                boolean taken = parameters.entrySet().stream()
                        .anyMatch(entry -> take(entry, name, shape, first, chunk, count, place));
                if (!taken) {
                    unused.add(name);
                }
                seen.add(name);
            });
        }
        missing.removeAll(seen);
        if (!missing.isEmpty()) {
            throw new InputException(
                    place + ": has no " + String.join(", ", missing) + "; is it a checkpoint of another architecture?");
        }
        return unused;
    }

    private static boolean take(
            Map.Entry<String, Parameters> target,
            String name,
            List<Integer> shape,
            long first,
            float[] chunk,
            int count,
            String place) {
        if (!name.startsWith(target.getKey())) {
            return false;
        }
        String bare = name.substring(target.getKey().length());
        Parameters tensors = target.getValue();
        for (TensorSpec spec : tensors.specs()) {
            if (spec.name().equals(bare)) {
                if (!spec.shape().equals(shape)) {
                    throw new InputException(
                            "%s: %s has shape %s, config.json asks for %s".formatted(place, name, shape, spec.shape()));
                }
                float[] part = count == chunk.length ? chunk : java.util.Arrays.copyOf(chunk, count);
                tensors.backend().write(tensors.buffer(bare).slice(first, count), part);
                return true;
            }
        }
        return false;
    }
}
