package org.dnallama.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is shown or kept. No setting of ours holds one, but addresses, properties of Hadoop's and
 * messages of other libraries may.
 */
public final class Redaction {

    /** What stands in a secret's place; Spark's own word. */
    public static final String MASK = "*********(redacted)";

    private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\\d+");
    private static final Set<String> SECRET_WORDS = Set.of(
            "secret",
            "secrets",
            "password",
            "passwords",
            "passwd",
            "pwd",
            "passphrase",
            "credential",
            "credentials",
            "signature",
            "sig",
            "apikey",
            "accesskey",
            "secretkey",
            "privatekey");
    /** Before "token": a tokenizer's special ones, and rates. */
    private static final Set<String> OTHER_TOKENS = Set.of("per", "unk", "pad", "bos", "eos");

    private static final Set<String> KEYS_OF = Set.of("access", "account", "api", "encryption", "private", "secret");

    /** {@code scheme://user:password@host}. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)([^\\s/@:\"']*):[^\\s/@\"']+@");
    /** {@code key=value}, {@code key: value}, and both in quotes; what is masked already stays so. */
    private static final Pattern PAIR = Pattern.compile("(?<![\\w.])([A-Za-z][\\w.-]*+)([\"']?\\s*[=:]\\s*)("
            + Pattern.quote(MASK) + "|\"[^\"]*\"|'[^']*'|[^\\s\"',;&)}\\]]*[^\\s\"',;&)}\\]:.])");

    private Redaction() {}

    /**
     * Tells by its name whether a key holds a secret: {@code fs.s3a.secret.key}, {@code authToken},
     * {@code X-Amz-Credential}. Tokens of a language are none: {@code tokenizer}, {@code tokens},
     * {@code maxTokenBases}.
     *
     * @param key dotted, hyphenated or in camel case
     * @return true if its value must not be seen
     */
    public static boolean isSecret(String key) {
        List<String> words = WORD.matcher(key)
                .results()
                .map(word -> word.group().toLowerCase(Locale.ROOT))
                .toList();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String before = i == 0 ? "" : words.get(i - 1);
            boolean isToken = word.equals("token") && i == words.size() - 1 && !OTHER_TOKENS.contains(before);
            boolean isKey = word.equals("key") && KEYS_OF.contains(before);
            if (isToken || isKey || SECRET_WORDS.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Masks passwords in addresses and the values of keys that hold secrets.
     *
     * @param text a message, or settings in HOCON or JSON
     * @return the same text with {@link #MASK} in their places
     */
    public static String of(String text) {
        String shown = LOGIN.matcher(text).replaceAll("$1:" + Matcher.quoteReplacement(MASK) + "@");
        StringBuilder all = new StringBuilder();
        Matcher pair = PAIR.matcher(shown);
        int done = 0;
        for (int from = 0; pair.find(from); ) {
            // "has token: ..." is prose.
            boolean isProse = pair.group(1).equals("token") && pair.group(2).startsWith(":");
            if (isSecret(pair.group(1)) && !isProse) {
                all.append(shown, done, pair.start(3)).append(masked(pair.group(3)));
                done = pair.end();
                from = done;
            } else {
                // The value may hold pairs itself, as an address does.
                from = pair.end(2);
            }
        }
        return all.append(shown, done, shown.length()).toString();
    }

    private static String masked(String value) {
        char quote = value.charAt(0);
        return quote == '"' || quote == '\'' ? quote + MASK + quote : MASK;
    }

    /**
     * Masks in place what {@link #of(String)} would mask.
     *
     * @param json an object or array, changed; or a value
     * @return the same node, or what to put in its place
     */
    public static JsonNode of(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                boolean isHidden = isSecret(entry.getKey()) && !entry.getValue().isNumber();
                entry.setValue(isHidden ? TextNode.valueOf(MASK) : of(entry.getValue()));
            });
        } else if (json instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, of(array.get(i)));
            }
        } else if (json.isTextual()) {
            return TextNode.valueOf(of(json.asText()));
        }
        return json;
    }
}
