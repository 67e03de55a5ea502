package org.dnallama.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The style sheet of pages and pictures: one that goes with light and dark. */
final class Style {

    private Style() {}

    static String sheet() {
        StringBuilder css = new StringBuilder("\n:root {").append(colours(Palette.LIGHT));
        css.append("}\n@media (prefers-color-scheme: dark) { :root {")
                .append(colours(Palette.DARK))
                .append("} }\n");
        for (int i = 0; i < Palette.LIGHT.size(); i++) {
            css.append(".c" + i + " { color: var(--c" + i + "); }\n");
        }
        return css.append(rules()).toString();
    }

    private static String colours(List<String> palette) {
        StringBuilder variables = new StringBuilder();
        for (int i = 0; i < palette.size(); i++) {
            variables
                    .append(" --c")
                    .append(i)
                    .append(": ")
                    .append(palette.get(i))
                    .append(";");
        }
        return variables.append(" ").toString();
    }

    private static String rules() {
        try (InputStream in = Objects.requireNonNull(Style.class.getResourceAsStream("report.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
