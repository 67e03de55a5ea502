package org.dnallama.docs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference of all settings as a page: a table for each section, with what the comments say. */
final class SettingsPage {

    private final StringBuilder page = new StringBuilder();

    private SettingsPage() {}

    static String render(String reference) {
        // Unresolved, so that a section which is another's copy shows as that.
        Config config = ConfigFactory.parseString(reference);
        SettingsPage settings = new SettingsPage();
        settings.page.append("""
                # Settings

                Every key of `--conf` and `--set`, made from `reference.conf`, which `dna-llama settings` prints. `null` must be given,
                or means that there is none; `= section` takes the keys of that section.
                """);
        settings.rows(config.root(), "", entries(config.root()));
        return settings.page.toString();
    }

    /** In the order of the file. */
    private static List<Map.Entry<String, ConfigValue>> entries(ConfigObject object) {
        return object.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> entry.getValue().origin().lineNumber()))
                .toList();
    }

    private void rows(ConfigObject object, String path, List<Map.Entry<String, ConfigValue>> entries) {
        List<Map.Entry<String, ConfigValue>> leaves = entries.stream()
                .filter(entry -> !(entry.getValue() instanceof ConfigObject))
                .toList();
        if (!leaves.isEmpty()) {
            heading(path, object);
            page.append("\n| key | default | meaning |\n|---|---|---|\n");
            leaves.forEach(entry -> row(path, entry.getKey(), entry.getValue()));
        }
        for (Map.Entry<String, ConfigValue> entry : entries) {
            if (entry.getValue() instanceof ConfigObject section) {
                rows(section, path + entry.getKey() + ".", entries(section));
            }
        }
    }

    private void heading(String path, ConfigObject section) {
        if (!path.isEmpty()) {
            page.append("\n## ").append(path, 0, path.length() - 1).append('\n');
            String meaning = meaning(section);
            page.append(meaning.isEmpty() ? "" : "\n" + meaning + "\n");
        }
    }

    private void row(String path, String key, ConfigValue value) {
        page.append("| `%s%s` | %s | %s |\n".formatted(path, key, shown(value), meaning(value)));
    }

    private static String shown(ConfigValue value) {
        String text = plain(value);
        if (text.startsWith("${")) {
            return "= `" + text.substring(2, text.length() - 1) + "`";
        }
        if (value instanceof ConfigList list) {
            text = list.stream().map(SettingsPage::plain).collect(Collectors.joining(", ", "[", "]"));
        } else {
            text = plain(value);
        }
        return "`" + text + "`";
    }

    /** As written, without quotes. */
    private static String plain(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise()).replaceAll("^\"|\"$", "");
    }

    private static String meaning(ConfigValue value) {
        return value.origin().comments().stream()
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .replace("|", "\\|");
    }
}
