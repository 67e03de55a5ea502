package org.dnallama.dna;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * IUPAC nucleotide codes. Lower case means soft-masked; U is read as T.
 *
 * @see <a href="https://doi.org/10.1093/nar/13.9.3021">Cornish-Bowden 1985</a>
 */
public final class Nucleotides {

    // Each code with the bases that it stands for; the complement of a code stands for their complements.
    private static final String[] MEANING = {
        "A:A", "C:C", "G:G", "T:T", "R:AG", "Y:CT", "S:CG", "W:AT", "K:GT", "M:AC", "B:CGT", "D:AGT", "H:ACT", "V:ACG",
        "N:ACGT"
    };

    private static final byte[] UPPER = new byte[256];
    private static final String[] BASES = new String[128];
    private static final byte[] COMPLEMENT = new byte[128];

    static {
        for (String meaning : MEANING) {
            char code = meaning.charAt(0);
            UPPER[code] = (byte) code;
            UPPER[Character.toLowerCase(code)] = (byte) code;
            BASES[code] = meaning.substring(2);
        }
        for (String meaning : MEANING) {
            StringBuilder complements = new StringBuilder();
            meaning.substring(2).chars().forEach(base -> complements.append("TGCA".charAt("ACGT".indexOf(base))));
            for (String other : MEANING) {
                if (sorted(other.substring(2)).equals(sorted(complements.toString()))) {
                    COMPLEMENT[meaning.charAt(0)] = (byte) other.charAt(0);
                }
            }
        }
        UPPER['U'] = 'T';
        UPPER['u'] = 'T';
    }

    private Nucleotides() {}

    private static String sorted(String bases) {
        return bases.chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /**
     * Tells whether a code is one base or N.
     *
     * @param code upper-case IUPAC code
     * @return true for A, C, G, T and N
     */
    static boolean isPlain(byte code) {
        return code == 'A' || code == 'C' || code == 'G' || code == 'T' || code == 'N';
    }

    /**
     * What a code stands for.
     *
     * @param code upper-case IUPAC code
     * @return one to four of A, C, G and T
     */
    static String bases(byte code) {
        return BASES[code];
    }

    /**
     * The other strand.
     *
     * @param codes upper-case IUPAC codes
     * @return the complement of each, last one first
     */
    public static String reverseComplement(String codes) {
        byte[] letters = codes.getBytes(StandardCharsets.US_ASCII);
        byte[] reversed = new byte[letters.length];
        for (int i = 0; i < letters.length; i++) {
            reversed[i] = COMPLEMENT[letters[letters.length - 1 - i]];
        }
        return new String(reversed, StandardCharsets.US_ASCII);
    }

    /**
     * Tells whether a byte is a code.
     *
     * @param letter ASCII, either case
     * @return true for the 15 IUPAC codes and U
     */
    public static boolean isCode(byte letter) {
        return UPPER[letter & 0xff] != 0;
    }

    /**
     * The upper-case code, with T for U.
     *
     * @param letter ASCII, either case
     * @return the code; N for a byte that is none
     */
    public static byte upper(byte letter) {
        byte code = UPPER[letter & 0xff];
        return code == 0 ? (byte) 'N' : code;
    }

    /**
     * Tells whether a letter is soft-masked.
     *
     * @param letter ASCII
     * @return true for lower case
     */
    public static boolean isSoftMasked(byte letter) {
        return letter >= 'a' && letter <= 'z';
    }

    /**
     * Tells whether a byte may stand between a line's last base and its line feed.
     *
     * @param letter any byte
     * @return true for space, tab and carriage return
     */
    static boolean isBlank(byte letter) {
        return letter == ' ' || letter == '\t' || letter == '\r';
    }

    /**
     * A byte as it is shown in messages.
     *
     * @param letter any byte
     * @return the letter in quotes, or its hexadecimal value when it cannot be printed
     */
    static String show(int letter) {
        return letter > ' ' && letter < 127
                ? "'" + (char) letter + "'"
                : "byte 0x" + String.format(Locale.ROOT, "%02x", letter);
    }
}
