package org.dnallama.training.preflight;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;

/** Everything that would stop training, told at once. Each finding names place, value, bound and remedy. */
final class Findings {

    private final List<String> settings = new ArrayList<>();
    private final List<String> data = new ArrayList<>();

    /** Settings, or machines that are too small for them. */
    void setting(String finding) {
        settings.add(finding);
    }

    /** Files. */
    void data(String finding) {
        data.add(finding);
    }

    /**
     * Ends the look.
     *
     * @throws ConfigException with all findings, if one is about settings
     * @throws InputException with all findings, if all are about data
     */
    void check() {
        if (!settings.isEmpty()) {
            List<String> all = new ArrayList<>(settings);
            all.addAll(data);
            throw new ConfigException(all);
        }
        if (!data.isEmpty()) {
            throw new InputException(String.join("\n  - ", data));
        }
    }
}
