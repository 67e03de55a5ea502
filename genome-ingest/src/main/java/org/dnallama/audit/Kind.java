package org.dnallama.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Kinds of overlap, the gravest first. */
enum Kind {
    /** The same bases. */
    EXACT,
    /** The same bases on the other strand. */
    REVERSE_COMPLEMENT,
    /** All bases of one within a longer one, on either strand. */
    CONTAINMENT,
    /** The same bases in an aligned block, others elsewhere. */
    TWIN;

    /** Its name in files and settings. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names. */
    static List<String> labels() {
        return Arrays.stream(values()).map(Kind::label).toList();
    }
}
