package org.dnallama.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.regex.Pattern;

/** What users give as {@code --set key=value}. */
final class Overrides {

    // Text without quotes and substitutions, no list and no object, with a character that HOCON reserves.
    private static final Pattern PLAIN_TEXT = Pattern.compile("(?![\\[{])(?!.*\\$\\{)[^\"]*(//|[#*?:@!&])[^\"]*");

    private Overrides() {}

    // HOCON takes // and # for comments, which would cut an address such as s3a://bucket/x.fa short without a word, and
    // allows no * in it.
    static Config parse(String override) {
        int sign = override.indexOf('=');
        String value = sign < 0 ? "" : override.substring(sign + 1).strip();
        if (!PLAIN_TEXT.matcher(value).matches()) {
            return ConfigFactory.parseString(override);
        }
        return ConfigFactory.empty()
                .withValue(override.substring(0, sign).strip(), ConfigValueFactory.fromAnyRef(value, "--set"));
    }
}
