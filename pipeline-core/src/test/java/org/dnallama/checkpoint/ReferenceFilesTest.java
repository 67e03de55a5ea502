package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Extensions;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.RopeScaling;
import org.dnallama.model.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files written by Hugging Face's own library are read here, and the reverse. */
final class ReferenceFilesTest {

    private final Backend backend = new VectorBackend();

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ReferenceFilesTest.class.getResource("/checkpoint/" + name))
                .toURI());
    }

    @Test
    void foreignShardsInTwoTypesAreReadNumberByNumber() throws Exception {
        LocalStorage storage = new LocalStorage(resource("reference"));
        LlamaConfig shape = ConfigJson.read(storage).shape();
        assertThat(shape)
                .isEqualTo(new LlamaConfig(
                        8,
                        4,
                        1,
                        2,
                        1,
                        6,
                        131072,
                        500000,
                        new RopeScaling(8, 1, 4, 8192),
                        1e-5,
                        false,
                        Extensions.NONE));
        try (Parameters theta = ModelWeights.of(storage, ConfigJson.read(storage))
                .load(backend, shape, LlamaLayout.groups(shape, Head.LANGUAGE_MODEL), new Seeds(0))) {
            int k = 0;
            for (TensorSpec spec : theta.specs()) {
                float[] numbers = new float[(int) spec.length()];
                backend.read(theta.buffer(spec.name()), numbers);
                for (int i = 0; i < numbers.length; i++) {
                    assertThat(numbers[i]).isEqualTo(((37 * i + 11 * k) % 256 - 128) / 64f);
                }
                k++;
            }
            assertThat(k).isEqualTo(12);
        }
    }

    @Test
    void bothReadersHereAgreeWithTheReferenceOnOurFiles(@TempDir Path folder) throws Exception {
        String python = System.getenv("DNALLAMA_PYTHON");
        if (python == null) {
            abort("DNALLAMA_PYTHON is not set: our files were not read by Hugging Face's library; "
                    + "set it to a Python that has safetensors");
        }
        LocalStorage reference = new LocalStorage(resource("reference"));
        for (Dtype dtype : Dtype.values()) {
            LocalStorage out = new LocalStorage(folder.resolve(dtype.name()));
            ModelExport.write(reference, out, new WeightFormat(dtype, 200));
            List<String> command = new ArrayList<>(
                    List.of(python, resource("read_reference.py").toString()));
            Map<String, String> ours = new TreeMap<>();
            for (String name : out.list("")) {
                if (name.endsWith(".safetensors")) {
                    command.add(out.folder().resolve(name).toString());
                    ours.putAll(MiniReader.read(out.folder().resolve(name)));
                }
            }
            assertThat(ours).hasSize(12);
            assertThat(run(command)).isEqualTo(ours);
        }
    }

    private static Map<String, String> run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, String> tensors = new TreeMap<>();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String line : output.lines().toList()) {
            int space = line.indexOf(' ');
            assertThat(space).as(line).isPositive();
            tensors.put(line.substring(0, space), line.substring(space + 1));
        }
        return tensors;
    }
}
