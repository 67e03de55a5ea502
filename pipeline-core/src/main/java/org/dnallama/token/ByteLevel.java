package org.dnallama.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;

/**
 * Bytes written as characters that can be seen, as GPT-2 and its followers write their vocabularies: printable Latin-1
 * characters stand for themselves, the others, in order, for the characters from U+0100 on.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">GPT-2's encoder</a>
 */
final class ByteLevel {

    private static final int BYTES = 256;
    private static final char[] CHARACTERS = new char[BYTES];
    private static final byte[] VALUES = new byte[2 * BYTES];

    static {
        char next = BYTES;
        for (int value = 0; value < BYTES; value++) {
            boolean printable = value > ' ' && value <= '~' || value >= 0xa1 && value != 0xad;
            CHARACTERS[value] = printable ? (char) value : next++;
            VALUES[CHARACTERS[value]] = (byte) value;
        }
    }

    private ByteLevel() {}

    /** Bytes as visible characters. */
    static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte value : bytes) {
            text.append(CHARACTERS[value & 0xff]);
        }
        return text.toString();
    }

    /** The bytes behind visible characters. */
    static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (char character : text.toCharArray()) {
            bytes.write(VALUES[character]);
        }
        return bytes.toByteArray();
    }

    /** The step of a {@code tokenizer.json} that does the same, and no more. */
    static ObjectNode into(ObjectNode step) {
        return step.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }
}
