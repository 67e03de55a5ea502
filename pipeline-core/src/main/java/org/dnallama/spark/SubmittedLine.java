package org.dnallama.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** A job's command line as far as it concerns all jobs: its command, its settings, and the rest unread. */
@Command
final class SubmittedLine {

    private static final Pattern HYPHEN = Pattern.compile("-(.)");

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Unmatched
    private List<String> others = new ArrayList<>();

    /**
     * Reads a command line.
     *
     * @param args command and options
     * @return the line; whether it is right shows when its parts are asked for
     */
    static SubmittedLine parse(String... args) {
        SubmittedLine line = new SubmittedLine();
        new CommandLine(line).parseArgs(args);
        return line;
    }

    /** The command, such as {@code pretrain}; empty if there is none. */
    String command() {
        return others.isEmpty() ? "" : others.get(0);
    }

    /** Where the job's output goes; empty if it has none, or if that cannot be told for an error in the settings. */
    Optional<String> output() {
        String section =
                HYPHEN.matcher(command()).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        if (!section.matches("[a-zA-Z]+")) {
            return Optional.empty();
        }
        try {
            return settings.read().optionalText(section + ".output");
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    /**
     * The same line without need of this machine's files and environment.
     *
     * @return command and options
     * @throws ConfigException if there are errors in the settings
     */
    List<String> resolved() {
        Settings read = settings.read();
        read.check();
        List<String> words = new ArrayList<>(others);
        for (String pair : read.asOverrides()) {
            words.add("--set");
            words.add(pair);
        }
        return words;
    }
}
