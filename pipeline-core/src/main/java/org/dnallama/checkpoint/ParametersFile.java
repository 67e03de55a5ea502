package org.dnallama.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.dnallama.compute.Buffer;
import org.dnallama.config.InputException;
import org.dnallama.model.Parameters;

/** Parameters to and from a safetensors file, without a second copy of them in memory. */
public final class ParametersFile {

    /** What Hugging Face's library asks for before it loads a file. */
    static final Map<String, String> METADATA = Map.of("format", "pt");

    private ParametersFile() {}

    /**
     * Writes named tensors as float32.
     *
     * @param storage the checkpoint folder
     * @param path the file
     * @param parameters what to write, by prefix of the tensors' names
     * @throws IOException if it cannot be written
     */
    public static void write(Storage storage, String path, Map<String, Parameters> parameters) throws IOException {
        List<Safetensors.Entry> entries = new ArrayList<>();
        parameters.forEach((prefix, tensors) -> entries.addAll(entries(prefix, tensors, Dtype.F32)));
        try (OutputStream out = storage.create(path)) {
            Safetensors.write(out, entries, METADATA);
        }
    }

    /** All tensors of parameters, to be written in some type. */
    static List<Safetensors.Entry> entries(String prefix, Parameters tensors, Dtype dtype) {
        return tensors.specs().stream()
                .map(spec -> new Safetensors.Entry(
                        prefix + spec.name(), dtype, spec.shape(), source(tensors, tensors.buffer(spec.name()))))
                .toList();
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
     * Reads tensors into parameters; all of them must be there with the right shape, and no others but ignored ones.
     *
     * @param storage the checkpoint folder
     * @param path the file
     * @param parameters what to fill, by prefix of the tensors' names
     * @param ignored which further tensors may be there
     * @throws IOException if it cannot be read
     * @throws InputException if tensors are missing, unknown or of another shape
     */
    public static void read(Storage storage, String path, Map<String, Parameters> parameters, Predicate<String> ignored)
            throws IOException {
        TensorFile file = TensorFile.open(storage, path);
        new TensorTargets(parameters, Set.of()).fill(List.of(file), file.place(), ignored);
    }
}
