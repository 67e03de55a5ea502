package org.dnallama.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LLaMA-3's own tokenizer, for any text: a regular expression cuts pieces, and in the bytes of each, neighbours merge
 * whose union is a token, those of the lowest id first. A run of bases is one piece, however long; the library that
 * Meta uses cannot take more than 25,000 letters at once and cuts there.
 *
 * @see <a href="https://github.com/meta-llama/llama-models/blob/main/models/llama3/tokenizer.py">Meta's tokenizer</a>
 */
final class Llama3Tokenizer extends AbstractTokenizer {

    /** Name of its kind in {@code decoder.dnallama}. */
    static final String KIND = "llama3";

    private static final String SPLIT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final Pattern PIECE = Pattern.compile(SPLIT, Pattern.UNICODE_CHARACTER_CLASS);

    private static final int SPECIAL = 256;
    private static final List<String> NAMED = List.of(
            "<|begin_of_text|>",
            "<|end_of_text|>",
            "<|reserved_special_token_0|>",
            "<|reserved_special_token_1|>",
            "<|finetune_right_pad_id|>",
            "<|step_id|>",
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|eom_id|>",
            "<|eot_id|>",
            "<|python_tag|>");

    /** Bytes of each token, one Latin-1 character a byte, by id. */
    private final List<String> tokens;

    private final Map<String, Integer> ids = new HashMap<>();
    private final int longest;
    private final List<MatchEncoder.Merge> merges;
    private final MergeEncoder encoder;

    /**
     * Makes a tokenizer.
     *
     * @param tokens bytes of each, one Latin-1 character a byte, by id; each single byte among them
     */
    Llama3Tokenizer(List<String> tokens) {
        super(new SpecialIds(
                tokens.size() + NAMED.indexOf("<|finetune_right_pad_id|>"),
                tokens.size() + NAMED.indexOf("<|begin_of_text|>"),
                tokens.size() + NAMED.indexOf("<|end_of_text|>")));
        this.tokens = List.copyOf(tokens);
        tokens.forEach(token -> ids.put(token, ids.size()));
        longest = tokens.stream().mapToInt(String::length).max().orElse(0);
        merges = merges();
        Merges table = new Merges(merges.size());
        merges.forEach(merge -> table.add(merge.left(), merge.right(), merge.product(), merge.product()));
        encoder = new MergeEncoder(table);
    }

    /** From a vocabulary that {@link #toJson} wrote. */
    static Llama3Tokenizer of(JsonNode root) {
        Map<String, Integer> ids = Vocabulary.of(root.path("model"));
        String[] tokens = new String[ids.size()];
        ids.forEach((text, id) -> tokens[id] = new String(ByteLevel.bytes(text), StandardCharsets.ISO_8859_1));
        return new Llama3Tokenizer(Arrays.asList(tokens));
    }

    // Every way to put a token together from two; Hugging Face's reader wants them in the order of what they make.
    private List<MatchEncoder.Merge> merges() {
        List<MatchEncoder.Merge> all = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            List<MatchEncoder.Merge> ways = new ArrayList<>();
            for (int cut = 1; cut < token.length(); cut++) {
                Integer left = ids.get(token.substring(0, cut));
                Integer right = ids.get(token.substring(cut));
                if (left != null && right != null) {
                    ways.add(new MatchEncoder.Merge(left, right, id));
                }
            }
            ways.sort(Comparator.comparingInt(MatchEncoder.Merge::left).thenComparingInt(MatchEncoder.Merge::right));
            all.addAll(ways);
        }
        return all;
    }

    @Override
    public int[] encode(String text) {
        int[] found = new int[text.length()];
        int end = 0;
        Matcher pieces = PIECE.matcher(text);
        while (pieces.find()) {
            byte[] bytes = pieces.group().getBytes(StandardCharsets.UTF_8);
            if (end + bytes.length > found.length) {
                found = Arrays.copyOf(found, 2 * (end + bytes.length));
            }
            end = encode(bytes, found, end);
        }
        return Arrays.copyOf(found, end);
    }

    private int encode(byte[] piece, int[] found, int at) {
        String bytes = new String(piece, StandardCharsets.ISO_8859_1);
        Integer whole = piece.length <= longest ? ids.get(bytes) : null;
        if (whole != null) {
            found[at] = whole;
            return at + 1;
        }
        int[] letters = new int[piece.length];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = ids.getOrDefault(bytes.substring(i, i + 1), 0);
        }
        return encoder.encode(letters, 0, letters.length, found, at);
    }

    @Override
    public int basesPerToken(int tokenId) {
        return tokenId < tokens.size() ? Vocabulary.bases(tokens.get(tokenId)) : 0;
    }

    @Override
    public int vocabularySize() {
        return tokens.size() + SPECIAL;
    }

    @Override
    public String toJson() {
        ObjectNode root = TokenizerJson.frame(special());
        ObjectNode before = root.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = before.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", SPLIT);
        split.put("behavior", "Isolated").put("invert", false);
        ByteLevel.into(steps.addObject());
        TokenizerJson.mark(ByteLevel.into(root.putObject("decoder")), KIND);
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.put("ignore_merges", true);
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> texts = tokens.stream()
                .map(token -> ByteLevel.text(token.getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
        texts.forEach(text -> vocabulary.put(text, vocabulary.size()));
        ArrayNode list = model.putArray("merges");
        merges.forEach(merge -> list.add(texts.get(merge.left()) + " " + texts.get(merge.right())));
        return TokenizerJson.text(root);
    }

    private Map<String, Integer> special() {
        Map<String, Integer> special = new LinkedHashMap<>();
        for (int i = 0; i < SPECIAL; i++) {
            // Reserved ones are numbered on from the two between the named ones.
            String text = i < NAMED.size() ? NAMED.get(i) : "<|reserved_special_token_" + (i - NAMED.size() + 2) + "|>";
            special.put(text, tokens.size() + i);
        }
        return special;
    }
}
