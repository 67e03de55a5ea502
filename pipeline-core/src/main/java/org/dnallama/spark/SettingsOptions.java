package org.dnallama.spark;

import com.typesafe.config.ConfigUtil;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnallama.config.Settings;
import picocli.CommandLine.Option;

/** Where a command's settings come from; a picocli mixin. */
public final class SettingsOptions {

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

    /**
     * Reads the layered configuration.
     *
     * @return settings; the caller reads its keys and then calls {@link Settings#check()}
     */
    public Settings read() {
        return read(Map.of());
    }

    /**
     * Reads the layered configuration of a command that has options of its own for some settings.
     *
     * @param own those settings that were given as options, which win over all else
     * @return settings; the caller reads its keys and then calls {@link Settings#check()}
     */
    public Settings read(Map<String, String> own) {
        List<String> all = new ArrayList<>(overrides);
        own.forEach((key, value) -> all.add(key + "=" + ConfigUtil.quoteString(value)));
        return Settings.load(files, all);
    }
}
