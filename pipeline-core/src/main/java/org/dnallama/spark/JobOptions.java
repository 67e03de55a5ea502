package org.dnallama.spark;

import java.util.Map;
import org.dnallama.config.Settings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that every job's command has; a picocli mixin. */
public final class JobOptions {

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--overwrite", description = "Replace an output that was made from other inputs or settings.")
    private boolean overwrite;

    /**
     * Reads the layered configuration.
     *
     * @return settings; the caller reads its keys and then calls {@link Settings#check()}
     */
    public Settings settings() {
        return settings.read();
    }

    /**
     * Reads the layered configuration of a command that has options of its own for some settings.
     *
     * @param own those settings that were given as options, which win over all else
     * @return settings; the caller reads its keys and then calls {@link Settings#check()}
     */
    public Settings settings(Map<String, String> own) {
        return settings.read(own);
    }

    /**
     * What to do with an output that was made otherwise.
     *
     * @return the policy
     */
    public Existing existing() {
        return overwrite ? Existing.REPLACE : Existing.REFUSE;
    }

    /** What to do with an output folder that other inputs or settings made. */
    public enum Existing {
        /** Stop with an error. */
        REFUSE,
        /** Delete it once the new one is complete. */
        REPLACE
    }
}
