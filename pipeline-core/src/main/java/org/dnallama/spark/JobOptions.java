package org.dnallama.spark;

import com.typesafe.config.ConfigUtil;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnallama.config.Settings;
import picocli.CommandLine.Option;

/** The options that every job's command has; a picocli mixin. */
public final class JobOptions {

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description = "HOCON file over the defaults; may be repeated, later files win.")
    private List<File> files = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting over all files, such as pretrain.steps=1000; may be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--overwrite", description = "Replace an output that was made from other inputs or settings.")
    private boolean overwrite;

    /**
     * Reads the layered configuration.
     *
     * @return settings; the caller reads its keys and then calls {@link Settings#check()}
     */
    public Settings settings() {
        return settings(Map.of());
    }

    /**
     * Reads the layered configuration of a command that has options of its own for some settings.
     *
     * @param own those settings that were given as options, which win over all else
     * @return settings; the caller reads its keys and then calls {@link Settings#check()}
     */
    public Settings settings(Map<String, String> own) {
        List<String> all = new ArrayList<>(overrides);
        own.forEach((key, value) -> all.add(key + "=" + ConfigUtil.quoteString(value)));
        return Settings.load(files, all);
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
