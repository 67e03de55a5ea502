package org.dnallama.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Commands in the documentation name commands, options, settings and files that there are. */
final class CommandsInDocsTest {

    private static final Pattern COMMAND = Pattern.compile("(?m)^[ $]*(?:[A-Z_]+=\\S+ )*(?:deploy/)?dna-llama (.+)$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Config REFERENCE =
            ConfigFactory.parseResources("reference.conf").resolve();

    private final Set<String> commands = matches(launcher(), "(?m)^  ([a-z-]+) +[a-zA-Z]");
    private final Set<String> options = options();
    private final List<String> faults = new ArrayList<>();

    private static String launcher() {
        return Repository.read(Repository.ROOT.resolve("deploy/dna-llama"));
    }

    private static Set<String> options() {
        String sources = Repository.sources().stream().map(Repository::read).collect(Collectors.joining());
        Set<String> found = matches(sources, "names = \\{?\"(--[a-z-]+)\"");
        found.addAll(matches(launcher(), "(?m)^ *(?:--[a-z-]+ \\| )*(--[a-z-]+)[ =)]"));
        return found;
    }

    private static Set<String> matches(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void nameWhatThereIs() {
        int checked = 0;
        for (Path page : Repository.pages()) {
            String text = Repository.read(page).replaceAll("\\\\\n\\s*", "");
            for (MatchResult command : COMMAND.matcher(text).results().toList()) {
                check(Repository.ROOT.relativize(page) + ": " + command.group().trim(), words(command.group(1)));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(50);
        assertThat(faults).isEmpty();
    }

    /** The command's own words: without a comment, and without what goes to spark-submit. */
    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(match -> match.group().replaceAll("^['\"]|['\"]$", ""))
                .takeWhile(word -> !Set.of("#", "--", ">", "|", "&&").contains(word))
                .toList();
    }

    private void check(String place, List<String> words) {
        String command = words.get(words.get(0).equals("--dry-run") ? 1 : 0);
        if (!command.startsWith("-") && !commands.contains(command)) {
            faults.add(place + ": no command " + command);
        }
        for (int i = 0; i < words.size(); i++) {
            String[] option = words.get(i).split("=", 2);
            if (option[0].startsWith("--") && !options.contains(option[0])) {
                faults.add(place + ": no option " + option[0]);
            }
            String value = option.length > 1 ? option[1] : i + 1 < words.size() ? words.get(i + 1) : "";
            checkValue(place, option[0], value);
        }
    }

    private void checkValue(String place, String option, String value) {
        if (option.equals("--conf") && value.startsWith("conf/") && !Files.exists(Repository.ROOT.resolve(value))) {
            faults.add(place + ": no file " + value);
        }
        if (option.equals("--set") && !REFERENCE.hasPathOrNull(value.split("=", 2)[0].trim())) {
            faults.add(place + ": no setting " + value);
        }
    }
}
