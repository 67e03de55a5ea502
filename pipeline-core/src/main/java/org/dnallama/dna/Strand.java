package org.dnallama.dna;

/** The direction in which bases are read. */
public enum Strand {
    /** As they stand in the file. */
    FORWARD("+"),
    /** Backwards, each base replaced by its complement. */
    REVERSE("-");

    private final String symbol;

    Strand(String symbol) {
        this.symbol = symbol;
    }

    /**
     * Its symbol in GFF and BED.
     *
     * @return {@code +} or {@code -}
     */
    public String symbol() {
        return symbol;
    }
}
