package org.dnallama.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadValue;
import com.typesafe.config.ConfigException.Missing;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Typed reading of a configuration that gathers every error and reports them together.
 *
 * <p>Layers, the later winning: {@code reference.conf} (the only home of defaults), files, {@code key=value} pairs.
 * Keys that {@code reference.conf} does not know are errors. Readers return a harmless value for a bad key so that the
 * rest can be checked too; {@link #check()} then throws once.
 */
public final class Settings {

    private final Config config;
    private final List<String> errors;
    private final Set<String> badKeys = new HashSet<>();

    private Settings(Config config, List<String> errors) {
        this.config = config;
        this.errors = errors;
    }

    /**
     * Loads and layers a configuration.
     *
     * @param files HOCON files, later ones win
     * @param overrides {@code key=value} pairs, winning over all files
     * @return settings over the merged configuration, unknown keys already noted as errors
     * @throws ConfigException if a file is missing or cannot be parsed, a substitution has no value, or a section is
     *     none
     */
    public static Settings load(List<File> files, List<String> overrides) {
        Config reference = ConfigFactory.parseResources(Settings.class.getClassLoader(), "reference.conf");
        Config user = Layers.of(files).withOverrides(overrides).config();
        Config merged = Layers.resolved(user, reference);
        Settings settings = new Settings(merged, new ArrayList<>());
        Layers.noteUnknownKeys(merged.root(), reference.resolve().root(), "", settings.errors);
        return settings;
    }

    /**
     * The same settings but for some keys, of which an unknown one is an error here too. Errors are shared: it is
     * enough to {@link #check()} either.
     *
     * @param overrides {@code key=value} pairs
     * @param origin where they come from, for messages
     * @return other settings
     */
    public Settings with(List<String> overrides, String origin) {
        Config changes = Layers.of(List.of()).withText(overrides, origin).config();
        Settings other = new Settings(Layers.resolved(changes, config), errors);
        Layers.noteUnknownKeys(changes.root(), config.root(), "", errors);
        return other;
    }

    /**
     * Tells whether a key has a value.
     *
     * @param path its key
     * @return false if it is null
     */
    public boolean isSet(String path) {
        return config.hasPath(path);
    }

    /**
     * Reads a text.
     *
     * @param path its key
     * @return the text; empty after an error
     */
    public String text(String path) {
        return read(path, "a text", config::getString, "");
    }

    /**
     * Reads a text that may be null.
     *
     * @param path its key
     * @return the text, or empty when the key is null
     */
    public java.util.Optional<String> optionalText(String path) {
        return config.hasPath(path) ? java.util.Optional.of(text(path)) : java.util.Optional.empty();
    }

    /**
     * Reads a list of texts; a single text counts as a list of one.
     *
     * @param path its key
     * @return the texts; empty after an error
     */
    public List<String> texts(String path) {
        return read(
                path,
                "a list of texts",
                key -> config.getValue(key).valueType() == ConfigValueType.LIST
                        ? config.getStringList(key)
                        : List.of(config.getString(key)),
                List.of());
    }

    /**
     * Reads a list of whole numbers.
     *
     * @param path its key
     * @return the numbers; empty after an error
     */
    public List<Integer> integers(String path) {
        return read(path, "a list of whole numbers", config::getIntList, List.of());
    }

    /**
     * Reads a whole number.
     *
     * @param path its key
     * @param least smallest value allowed
     * @return the number; {@code least} after an error
     */
    public int integer(String path, int least) {
        int value = read(path, "a whole number", config::getInt, least);
        if (value < least) {
            badKeys.add(path);
            errors.add(path + " = " + value + ": must be at least " + least + origin(path));
        }
        return Math.max(value, least);
    }

    /**
     * Reads a long whole number.
     *
     * @param path its key
     * @return the number; 0 after an error
     */
    public long longInteger(String path) {
        return read(path, "a whole number", config::getLong, 0L);
    }

    /**
     * Reads a size in memory or on disk, such as {@code 5GB} (powers of 1000) or {@code 512MiB} (powers of 1024).
     *
     * @param path its key
     * @return bytes, at least 1; 1 after an error
     */
    public long bytes(String path) {
        long value = read(path, "a size such as 5GB", config::getBytes, 1L);
        if (value < 1) {
            errors.add(path + " = " + value + ": must be at least 1 byte" + origin(path));
        }
        return Math.max(1, value);
    }

    /**
     * Reads a real number.
     *
     * @param path its key
     * @param least smallest value allowed
     * @param most largest value allowed
     * @return the number; {@code least} after an error
     */
    public double real(String path, double least, double most) {
        double value = read(path, "a number", config::getDouble, least);
        if (!(value >= least && value <= most)) {
            errors.add(path + " = " + value + ": must lie in [" + least + ", " + most + "]" + origin(path));
        }
        return value;
    }

    /**
     * Reads a list of real numbers; a single one counts as a list of one.
     *
     * @param path its key
     * @param least smallest value allowed
     * @param most largest value allowed
     * @return the numbers, at least one, none twice; {@code least} alone after an error
     */
    public List<Double> reals(String path, double least, double most) {
        List<Double> values = some(path, "a list of numbers", config::getDoubleList, config::getDouble, least);
        for (double value : values) {
            if (!(value >= least && value <= most)) {
                errors.add(path + " has " + value + ": must lie in [" + least + ", " + most + "]" + origin(path));
            }
        }
        return values;
    }

    /**
     * Reads a list of long whole numbers; a single one counts as a list of one.
     *
     * @param path its key
     * @return the numbers, at least one, none twice; 0 alone after an error
     */
    public List<Long> longIntegers(String path) {
        return some(path, "a list of whole numbers", config::getLongList, config::getLong, 0L);
    }

    private <T> List<T> some(
            String path, String expected, Function<String, List<T>> list, Function<String, T> one, T onError) {
        List<T> values = read(
                path,
                expected,
                key -> config.getValue(key).valueType() == ConfigValueType.LIST
                        ? list.apply(key)
                        : List.of(one.apply(key)),
                List.of(onError));
        if (values.isEmpty()) {
            errors.add(path + " = []: must name at least one" + origin(path));
            return List.of(onError);
        }
        if (values.stream().distinct().count() < values.size()) {
            errors.add(path + " = " + values + ": must not name one twice" + origin(path));
        }
        return values;
    }

    /**
     * Reads a switch.
     *
     * @param path its key
     * @return the switch; false after an error
     */
    public boolean flag(String path) {
        return read(path, "true or false", config::getBoolean, false);
    }

    /**
     * Reads one of an enum's constants, written in lower case with hyphens ({@code KMER_SET} is {@code kmer-set}).
     *
     * @param path its key
     * @param type the enum
     * @param <E> the enum
     * @return the constant; the first one after an error
     */
    public <E extends Enum<E>> E choice(String path, Class<E> type) {
        Map<String, E> named = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            named.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        return choice(path, named);
    }

    /**
     * Reads one of some named values.
     *
     * @param path its key
     * @param named the values by name; at least one
     * @param <T> the values
     * @return the value; the first one after an error
     */
    public <T> T choice(String path, Map<String, T> named) {
        String name = text(path);
        T value = named.get(name);
        if (value != null) {
            return value;
        }
        errors.add(path + " = " + name + ": must be one of " + String.join(", ", named.keySet()) + origin(path));
        return named.values().iterator().next();
    }

    /**
     * Reads a list of texts out of some; a single text counts as a list of one.
     *
     * @param path its key
     * @param allowed the texts there are
     * @return those texts of the list that are allowed
     */
    public List<String> texts(String path, List<String> allowed) {
        List<String> read = new ArrayList<>();
        for (String text : texts(path)) {
            if (allowed.contains(text)) {
                read.add(text);
            } else {
                errors.add(path + " has " + text + ": must be of " + String.join(", ", allowed) + origin(path));
            }
        }
        return read;
    }

    /**
     * Notes an error that only a reader of several keys can see.
     *
     * @param message key, value, bound and remedy
     */
    public void error(String message) {
        errors.add(message);
    }

    /**
     * Notes an error unless a condition holds.
     *
     * @param holds the condition
     * @param message key, value, bound and remedy
     * @param keys that the condition compares; if one of them is bad by itself, there is nothing to compare
     */
    public void require(boolean holds, String message, String... keys) {
        if (!holds && Collections.disjoint(badKeys, List.of(keys))) {
            errors.add(message);
        }
    }

    /**
     * Ends reading.
     *
     * @throws ConfigException with every error noted so far, if there is any
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
    }

    /**
     * The effective configuration of some sections, for provenance: keys sorted, no comments, two settings with the
     * same values give the same text.
     *
     * @param sections top-level keys
     * @return JSON text
     */
    public String effective(String... sections) {
        Config selected = ConfigFactory.empty();
        for (String section : sections) {
            selected = selected.withValue(section, config.getValue(section));
        }
        return selected.root().render(ConfigRenderOptions.concise().setFormatted(true));
    }

    private <T> T read(String path, String expected, Function<String, T> reader, T onError) {
        try {
            return reader.apply(path);
        } catch (Missing e) {
            badKeys.add(path);
            errors.add(path + ": must be set, to " + expected);
        } catch (WrongType | BadValue e) {
            badKeys.add(path);
            errors.add(path + " = " + Layers.text(config.getValue(path)) + ": must be " + expected + origin(path));
        }
        return onError;
    }

    private String origin(String path) {
        return config.hasPath(path) ? " (" + config.getValue(path).origin().description() + ")" : "";
    }
}
