package org.dnallama.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Byte-pair encoding by its definition, on texts: one merge at a time, everything counted anew. */
final class ReferenceBpe {

    private ReferenceBpe() {}

    /** Merges neighbours of the lowest rank, the leftmost first, until none merge. */
    static List<String> encode(String text, Map<List<String>, Integer> ranks) {
        List<String> tokens = new ArrayList<>(List.of(text.split("")));
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < tokens.size(); i++) {
                int rank = ranks.getOrDefault(tokens.subList(i, i + 2), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return tokens;
            }
            tokens.set(best, tokens.get(best) + tokens.remove(best + 1));
        }
    }

    static Map<List<String>, Integer> ranks(List<List<String>> merges) {
        Map<List<String>, Integer> ranks = new HashMap<>();
        merges.forEach(pair -> ranks.put(List.copyOf(pair), ranks.size()));
        return ranks;
    }
}
