package org.dnallama.generate;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;

/** A small model with weights so large that every token matters to the next ones. */
final class TinyModel {

    /** Grouped queries, and heads of an odd number of pairs. */
    static final LlamaConfig SHAPE = new LlamaConfig(13, 24, 3, 4, 2, 40, 24, 100, 1e-5, false);

    private TinyModel() {}

    static Parameters weights(Backend backend) {
        return LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.5, new Seeds(3));
    }

    /** Rows of random tokens. */
    static List<int[]> rows(long seed, int... lengths) {
        List<int[]> rows = new ArrayList<>();
        for (int r = 0; r < lengths.length; r++) {
            rows.add(new Seeds(seed)
                    .stream("row", r)
                            .ints(lengths[r], 0, SHAPE.vocabularySize())
                            .toArray());
        }
        return rows;
    }
}
