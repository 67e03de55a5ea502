package org.dnallama.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a report on one evaluation tells.
 *
 * @param evaluation the model and how it was trained
 * @param parts metrics of all rows, then of parts of them or at other thresholds
 * @param resamples of the intervals
 * @param published what others have reached
 * @param hits what the model looked at, in some sequences that it found
 * @param provenance what it was made from, in order
 * @param config the settings, as JSON text
 */
public record Findings(
        Evaluation evaluation,
        List<Part> parts,
        int resamples,
        Optional<PublishedRows> published,
        List<Saliency> hits,
        Map<String, String> provenance,
        String config) {

    /** Copies the collections. */
    public Findings {
        parts = List.copyOf(parts);
        hits = List.copyOf(hits);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    }
}
