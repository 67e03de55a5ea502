package org.dnallama.dna;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The canonical k-mers of some sequences, to tell what shares one with them, on either strand. */
public final class KmerSet {

    private final Kmers kmers;
    private final Set<Long> held = new HashSet<>();

    /**
     * Takes the k-mers of sequences.
     *
     * @param k bases, odd, 3 to 31
     * @param sequences upper-case IUPAC codes
     */
    public KmerSet(int k, List<String> sequences) {
        this.kmers = new Kmers(k);
        sequences.forEach(bases -> kmers.scan(bases, (start, canonical, flipped) -> held.add(canonical)));
    }

    /**
     * Whether a sequence shares a k-mer with them.
     *
     * @param bases upper-case IUPAC codes
     * @return true if one of its k-mers, or the reverse complement of one, is among theirs
     */
    public boolean touches(String bases) {
        boolean[] found = {false};
        kmers.scan(bases, (start, canonical, flipped) -> found[0] |= held.contains(canonical));
        return found[0];
    }
}
