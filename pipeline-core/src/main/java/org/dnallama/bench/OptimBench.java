package org.dnallama.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.model.Batch;
import org.dnallama.optim.OptimizerSettings.Kind;

/** Measures steps of optimizers in turns, on one shape, batch and thread. */
final class OptimBench {

    /** As many micro-batches as the classical method has stages. */
    private static final int STAGES = 4;

    private final TrainShape shape;
    private final int repeats;
    private final Consumer<String> progress;

    OptimBench(TrainShape shape, int repeats, Consumer<String> progress) {
        this.shape = shape;
        this.repeats = repeats;
        this.progress = progress;
    }

    /** Who takes part. */
    enum Contestant {
        /** One gradient of a batch. */
        ADAMW("adamw", Kind.ADAMW, 1),
        /** The same with Nesterov's momentum. */
        NADAMW("nadamw", Kind.NADAMW, 1),
        /** Four gradients of that batch. */
        KT4("kt4", Kind.KT4, 1),
        /** One gradient of four batches. */
        ACCUMULATED_ADAMW("accumulatedAdamw", Kind.ADAMW, STAGES),
        /** One gradient of each of the four. */
        KT4_SPLIT("kt4Split", Kind.KT4_SPLIT, STAGES);

        private final String key;
        private final Kind kind;
        private final int batches;

        Contestant(String key, Kind kind, int batches) {
            this.key = key;
            this.kind = kind;
            this.batches = batches;
        }

        /** Its name in figures. */
        String key() {
            return key;
        }
    }

    /** How often the progress is told in all. */
    static int ticks(int repeats) {
        return Contestant.values().length * (repeats + 1);
    }

    /** CPU seconds of a step, by contestant's key. */
    Turns run() {
        Backend backend = new VectorBackend();
        Map<String, TrainingEngine> open = new LinkedHashMap<>();
        try {
            Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
            for (Contestant contestant : Contestant.values()) {
                List<Batch> batches = shape.batches(contestant.batches);
                BackendEngine.Moving moving = new BackendEngine.Moving(BackendEngine.settings(contestant.kind), 1);
                TrainingEngine engine = new BackendEngine(backend, shape.config(), batches, 1, moving);
                open.put(contestant.key, engine);
                int steps = StepTimer.warmUp(engine::step, repeats);
                progress.accept(contestant.key);
                contestants.put(contestant.key, () -> StepTimer.cpuSeconds(engine::step, steps));
            }
            return Turns.take(repeats, contestants, progress);
        } finally {
            open.values().forEach(TrainingEngine::close);
        }
    }
}
