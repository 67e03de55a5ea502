package org.dnallama.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dnallama.config.InputException;

/** Reads a {@code tokenizer.model} as tiktoken has it: in each line a token's bytes in base 64, and its id. */
final class TiktokenRanks {

    private static final int BYTES = 256;

    private TiktokenRanks() {}

    /**
     * Reads all tokens.
     *
     * @param text the file
     * @return bytes of each token, one Latin-1 character a byte, by id
     * @throws InputException if a line is no such line, ids do not count up from 0, a token comes twice, or a byte has
     *     no token
     */
    static List<String> read(String text) {
        List<String> tokens = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String line : text.strip().split("\n", -1)) {
            String place = "tokenizer.model:" + (tokens.size() + 1) + ": ";
            String[] parts = line.strip().split(" ", -1);
            if (parts.length != 2 || !parts[1].equals(String.valueOf(tokens.size()))) {
                throw new InputException(place + "'" + line + "' is not a token in base 64 and the id " + tokens.size()
                        + "; give LLaMA-3's tokenizer.model, or a tokenizer.json");
            }
            String token = decoded(parts[0], place);
            if (!known.add(token)) {
                throw new InputException(
                        place + "token '" + parts[0] + "' has an id already; give the file as it came");
            }
            tokens.add(token);
        }
        for (int value = 0; value < BYTES; value++) {
            if (!known.contains(String.valueOf((char) value))) {
                throw new InputException(
                        "tokenizer.model: no token for the single byte " + value + "; give the file as it came");
            }
        }
        return tokens;
    }

    private static String decoded(String base64, String place) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new InputException(place + "'" + base64 + "' is no base 64; give the file as it came", e);
        }
    }
}
