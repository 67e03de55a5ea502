package org.dnallama.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every benchmark has; a picocli mixin. */
public final class BenchOptions {

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "5",
            description = "Turns that each side gets (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures there, as one flat object.")
    private @Nullable Path json;

    /**
     * Notes what is wrong with them.
     *
     * @param errors added to
     */
    public void check(List<String> errors) {
        if (repeats < 1) {
            errors.add("--repeats = " + repeats + ": must be at least 1");
        }
    }

    /**
     * Turns that each side gets.
     *
     * @return at least 1, once checked
     */
    public int repeats() {
        return repeats;
    }

    /**
     * Ends a benchmark: tells the load and writes the file that the user asked for.
     *
     * @param figures what was measured
     * @param out where tables went
     * @throws IOException if the file cannot be written
     */
    public void finish(Figures figures, PrintWriter out) throws IOException {
        out.printf(Locale.ROOT, "load average at the end %.2f%n", Machine.load());
        if (json != null) {
            figures.write(json);
        }
    }
}
