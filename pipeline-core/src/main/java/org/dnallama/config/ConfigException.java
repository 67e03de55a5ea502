package org.dnallama.config;

import java.util.List;

/** The configuration or the command line is at fault; carries every error at once. Ends a command with exit 2. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Gathers configuration errors.
     *
     * @param errors one message for each, not empty
     */
    public ConfigException(List<String> errors) {
        super(Redaction.of("The configuration has " + errors.size() + (errors.size() == 1 ? " error:" : " errors:")
                + "\n  - " + String.join("\n  - ", errors)));
    }
}
