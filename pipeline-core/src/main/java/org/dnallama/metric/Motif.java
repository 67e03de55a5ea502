package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place that looks like an element of core promoters, by its consensus alone.
 *
 * @param element which
 * @param start first base, from 0
 * @param end behind the last base
 * @see <a href="https://doi.org/10.1146/annurev.biochem.72.121801.161520">Smale and Kadonaga 2003</a>
 */
record Motif(Element element, int start, int end) {

    /** Elements, as regular expressions over bases. */
    enum Element {
        /** TATAWAW. */
        TATA("TATA", "TATA[AT]A[AT]"),
        /** YYANWYY, in mammals. */
        INR("Inr", "[CT][CT]A.[AT][CT][CT]");

        private final String title;
        private final Pattern pattern;

        Element(String title, String pattern) {
            this.title = title;
            // Looking ahead, so that overlapping places are found too.
            this.pattern = Pattern.compile("(?=(" + pattern + "))");
        }

        String title() {
            return title;
        }
    }

    /** All places, by element. */
    static List<Motif> find(String bases) {
        List<Motif> found = new ArrayList<>();
        for (Element element : Element.values()) {
            Matcher matcher = element.pattern.matcher(bases);
            while (matcher.find()) {
                found.add(new Motif(element, matcher.start(1), matcher.end(1)));
            }
        }
        return found;
    }
}
