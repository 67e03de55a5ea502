package org.dnallama.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.Collectives;
import org.dnallama.collective.Meeting;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.model.Batch;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.OptimizerSettings.Kind;

/**
 * Measures two processes that train together, with a thread each, beside what they do alone. Both run this; what the
 * clock of rank 0 says counts.
 *
 * @param shape of the model and of each process's batch
 * @param bytes that are summed to compare with Gloo's own speed
 * @param repeats turns of each contestant
 */
record DistributedBench(TrainShape shape, long bytes, int repeats) {

    /** Gloo alone sums the bytes. */
    static final String GLOO = "gloo";
    /** The same by what training uses. */
    static final String ALL_REDUCE = "allReduce";
    /** Rank 0 takes AdamW's step on both batches; the other process rests. */
    static final String ONE = "oneProcess";
    /** Both take that step together, on a batch each. */
    static final String TWO = "twoProcesses";
    /** Both take steps on a batch each and do not synchronize. */
    static final String APART = "twoApart";
    /** Both take KT4's step together, on a batch each. */
    static final String KT4 = "kt4";
    /** The same without synchronization. */
    static final String KT4_APART = "kt4Apart";

    /** Sums in a turn. */
    private static final int SUMS = 10;

    /** KT4 takes as many gradients as there are stages. */
    private static final int STAGES = 4;

    /** How often the progress is told in all. */
    static int ticks(int repeats) {
        return 7 * repeats + 1;
    }

    /** Measures; seconds by the clock of a sum or of a step. */
    Turns run(Meeting meeting, Consumer<String> progress) {
        try (AllReduce ranks = Collectives.GLOO.join(meeting);
                BareGloo gloo = new BareGloo(meeting, bytes / Float.BYTES);
                Sums sums = new Sums(ranks, bytes / Float.BYTES);
                Engines engines = new Engines(ranks)) {
            int steps = agreed(ranks, StepTimer.warmUp(engines.apart::step, repeats));
            progress.accept("warm-up");
            int kt4Steps = Math.max(1, steps / STAGES);
            Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
            contestants.put(GLOO, together(ranks, gloo::allReduce, SUMS));
            contestants.put(ALL_REDUCE, together(ranks, sums::take, SUMS));
            contestants.put(ONE, together(ranks, ranks.rank() == 0 ? engines.one::step : () -> {}, steps));
            contestants.put(TWO, together(ranks, engines.two::step, steps));
            contestants.put(APART, together(ranks, engines.apart::step, steps));
            contestants.put(KT4, together(ranks, engines.kt4::step, kt4Steps));
            contestants.put(KT4_APART, together(ranks, engines.kt4Apart::step, kt4Steps));
            // Once for nothing: then memory is touched and connections are warm.
            Turns.take(1, contestants, name -> {});
            return Turns.take(repeats, contestants, progress);
        }
    }

    /** Rank 0's number. */
    private static int agreed(AllReduce ranks, int mine) {
        return (int) ranks.sum(ranks.rank() == 0 ? (double) mine : 0);
    }

    /** A turn that both begin at the same time. */
    private static DoubleSupplier together(AllReduce ranks, Runnable work, int times) {
        return () -> {
            ranks.sum(0.0);
            return StepTimer.clockSeconds(work, times);
        };
    }

    /** Sums one tensor as training does: all pieces set out before the first is waited for. */
    private static final class Sums implements AutoCloseable {

        private final AllReduce ranks;
        private final Buffer memory;

        Sums(AllReduce ranks, long numbers) {
            this.ranks = ranks;
            this.memory = new VectorBackend().allocate(numbers);
        }

        void take() {
            List<AllReduce.Pending> pending = new ArrayList<>();
            for (long at = 0; at < memory.length(); at += AveragedField.MOST) {
                long length = Math.min(AveragedField.MOST, memory.length() - at);
                pending.add(ranks.begin(memory.slice(at, length)));
            }
            pending.forEach(AllReduce.Pending::await);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** A model and an optimizer for each contestant that takes steps. */
    private final class Engines implements AutoCloseable {

        private final Backend backend = new VectorBackend();
        private final TrainingEngine one;
        private final TrainingEngine two;
        private final TrainingEngine apart;
        private final TrainingEngine kt4;
        private final TrainingEngine kt4Apart;

        Engines(AllReduce ranks) {
            List<Batch> both = shape.batches(2);
            List<Batch> mine = List.of(both.get(ranks.rank()));
            AllReduce alone = new SingleRank();
            one = engine(Kind.ADAMW, both, alone);
            two = engine(Kind.ADAMW, mine, ranks);
            apart = engine(Kind.ADAMW, mine, alone);
            kt4 = engine(Kind.KT4, mine, ranks);
            kt4Apart = engine(Kind.KT4, mine, alone);
        }

        private TrainingEngine engine(Kind kind, List<Batch> batches, AllReduce ranks) {
            BackendEngine.Moving moving = new BackendEngine.Moving(BackendEngine.settings(kind), 1);
            return new BackendEngine(backend, shape.config(), batches, moving, ranks);
        }

        @Override
        public void close() {
            List.of(one, two, apart, kt4, kt4Apart).forEach(TrainingEngine::close);
        }
    }
}
