package org.dnallama.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.NotResolved;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What users give, layer on layer, before it meets the defaults.
 *
 * @param config later layers win; substitutions are open yet
 */
record Layers(Config config) {

    /** Files, later ones win. */
    static Layers of(List<File> files) {
        Config config = ConfigFactory.empty();
        for (File file : files) {
            config = parse(file.getPath(), () -> parse(file)).withFallback(config);
        }
        return new Layers(config);
    }

    private static Config parse(File file) {
        if (!file.isFile()) {
            throw new ConfigException(List.of(file + ": no such file; check --conf"));
        }
        return ConfigFactory.parseFile(file);
    }

    /** Pairs {@code key=value} of the command line. */
    Layers withOverrides(List<String> overrides) {
        Config whole = config;
        for (String override : overrides) {
            whole = parse("--set " + override, () -> Overrides.parse(override)).withFallback(whole);
        }
        return new Layers(whole);
    }

    /** Pairs {@code key=value} from elsewhere. */
    Layers withText(List<String> overrides, String origin) {
        Config whole = config;
        for (String override : overrides) {
            ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(origin);
            whole = parse(origin + ": " + override, () -> ConfigFactory.parseString(override, options))
                    .withFallback(whole);
        }
        return new Layers(whole);
    }

    private static Config parse(String what, Supplier<Config> source) {
        try {
            return source.get();
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException(List.of(what + ": " + e.getMessage()));
        }
    }

    /**
     * Puts values over defaults and fills substitutions in. (Resolving the user's part alone against the whole will not
     * do: Typesafe Config 1.4.3 calls some overridden substitutions a bug of its own.)
     *
     * @throws ConfigException naming key and file of everything that has no value
     */
    static Config resolved(Config user, Config reference) {
        Config whole = user.withFallback(reference);
        ConfigResolveOptions options = ConfigResolveOptions.defaults().setAllowUnresolved(true);
        Config known = parse("configuration", () -> whole.resolve(options));
        List<String> errors = new ArrayList<>();
        noteUnresolved(user.root(), known.root(), "", errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return parse("configuration", whole::resolve);
    }

    private static void noteUnresolved(ConfigObject user, ConfigObject known, String prefix, List<String> errors) {
        user.forEach((key, value) -> {
            String path = path(prefix, key);
            ConfigValue now = Objects.requireNonNull(known.get(key), path);
            if (value instanceof ConfigObject own
                    && now instanceof ConfigObject inner
                    && isReadable(own)
                    && isReadable(inner)) {
                noteUnresolved(own, inner, path, errors);
            } else if (!now.atKey(key).isResolved() && text(value).contains("${")) {
                errors.add(
                        "%s = %s: there is no value for what stands in ${} (%s); set that environment variable, or the key itself with --set"
                                .formatted(path, text(value), value.origin().description()));
            }
        });
    }

    /** Not so if it is as a whole to come from elsewhere. */
    private static boolean isReadable(ConfigObject section) {
        try {
            return !section.isEmpty();
        } catch (NotResolved e) {
            return false;
        }
    }

    private static String path(String prefix, String key) {
        return prefix.isEmpty() ? key : prefix + "." + key;
    }

    static String text(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise());
    }

    /**
     * Notes keys that there are not.
     *
     * @throws ConfigException if a section is none, for then nothing below it can be read
     */
    static void noteUnknownKeys(ConfigObject section, ConfigObject known, String prefix, List<String> errors) {
        section.forEach((key, value) -> {
            String path = path(prefix, key);
            String place = value.origin().description();
            ConfigValue expected = known.get(key);
            if (expected == null) {
                String all = String.join(", ", new TreeSet<>(known.keySet()));
                errors.add("%s: unknown key (%s); those there are: %s".formatted(path, place, all));
            } else if (expected instanceof ConfigObject knownBelow) {
                if (!(value instanceof ConfigObject below)) {
                    errors.add("%s = %s: must be a section, with keys of its own (%s)"
                            .formatted(path, text(value), place));
                    throw new ConfigException(errors);
                }
                noteUnknownKeys(below, knownBelow, path, errors);
            }
        });
    }
}
