package org.dnallama.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.dnallama.compute.Backend;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.model.Batch;
import org.dnallama.model.LlamaConfig;

/** The engines that can be measured, by name. */
final class Engines {

    /** The peer's name in tables. */
    static final String PEER = "libtorch";

    private static final Map<String, Supplier<Backend>> BACKENDS = new LinkedHashMap<>();

    static {
        BACKENDS.put("vector", VectorBackend::new);
        BACKENDS.put("nd4j", Nd4jBackend::open);
    }

    private Engines() {}

    /** A backend by its name. */
    static Backend backend(String name) {
        Supplier<Backend> maker = BACKENDS.get(name);
        if (maker == null) {
            throw new ConfigException(
                    List.of("--engines: no engine " + name + "; there are " + String.join(",", names())));
        }
        return maker.get();
    }

    /** The names of all backends. */
    static Set<String> names() {
        return java.util.Collections.unmodifiableSet(BACKENDS.keySet());
    }

    /** One of our engines or the peer, on one thread. */
    static TrainingEngine open(String name, LlamaConfig config, Batch batch) {
        return name.equals(PEER)
                ? new LibTorchEngine(config, batch)
                : new BackendEngine(backend(name), config, List.of(batch), 1, BackendEngine.ADAMW);
    }
}
