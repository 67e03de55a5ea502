package org.dnallama.dna;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * IUPAC nucleotide codes. Lower case means soft-masked; U is read as T.
 *
 * @see <a href="https://doi.org/10.1093/nar/13.9.3021">Cornish-Bowden 1985</a>
 */
public final class Nucleotides {

    private static final byte[] UPPER = new byte[256];
    private static final byte[] COMPLEMENT = new byte[128];

    static {
        String codes = "ACGTRYSWKMBDHVN";
        String complements = "TGCAYRSWMKVHDBN";
        for (int i = 0; i < codes.length(); i++) {
            COMPLEMENT[codes.charAt(i)] = (byte) complements.charAt(i);
        }
        for (char code : "ACGTRYSWKMBDHVN".toCharArray()) {
            UPPER[code] = (byte) code;
            UPPER[Character.toLowerCase(code)] = (byte) code;
        }
        UPPER['U'] = 'T';
        UPPER['u'] = 'T';
    }

    private Nucleotides() {}

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
