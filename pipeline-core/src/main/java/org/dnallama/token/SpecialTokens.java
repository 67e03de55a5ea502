package org.dnallama.token;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens that every tokenizer made here starts its vocabulary with, in the order of their ids. */
final class SpecialTokens {

    static final int PAD = 0;
    static final int BEGIN = 1;
    static final int END = 2;
    /** Bases that have no token of their own: ambiguity codes. */
    static final int UNKNOWN = 3;

    static final List<String> TEXTS = List.of("<pad>", "<s>", "</s>", "<unk>");

    static final SpecialIds IDS = new SpecialIds(PAD, BEGIN, END);

    static final int COUNT = TEXTS.size();

    /** The bases that have tokens, in the order of their codes. */
    static final String BASES = "ACGT";

    private SpecialTokens() {}

    /** Text to id, in the order of ids. */
    static Map<String, Integer> ids() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        TEXTS.forEach(text -> ids.put(text, ids.size()));
        return ids;
    }
}
