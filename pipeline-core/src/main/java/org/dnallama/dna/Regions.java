package org.dnallama.dna;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dnallama.config.InputException;

/**
 * Which parts of the input are wanted.
 *
 * @param allow patterns of contig names with * and ?; none means all
 * @param deny patterns of contig names that are not wanted
 * @param include the only intervals that are wanted; empty means all
 * @param exclude intervals that are not wanted
 */
public record Regions(
        List<String> allow,
        List<String> deny,
        Optional<Map<String, List<Interval>>> include,
        Map<String, List<Interval>> exclude) {

    /** All of it. */
    public static final Regions ALL = new Regions(List.of(), List.of(), Optional.empty(), Map.of());

    /**
     * The wanted parts of a contig.
     *
     * @param contig the contig
     * @return intervals in order, none touching another unless the BED file has them so; empty if nothing is wanted
     */
    public List<Interval> of(Contig contig) {
        boolean allowed = allow.isEmpty() || allow.stream().anyMatch(one -> matches(one, contig.name()));
        if (!allowed || deny.stream().anyMatch(one -> matches(one, contig.name()))) {
            return List.of();
        }
        List<Interval> wanted = include.map(intervals -> intervals.getOrDefault(contig.name(), List.of()))
                .orElseGet(() -> List.of(new Interval(contig.name(), 0, contig.bases())));
        List<Interval> left = new ArrayList<>();
        for (Interval interval : wanted) {
            long start = interval.start();
            for (Interval hole : exclude.getOrDefault(contig.name(), List.of())) {
                if (hole.end() > start && hole.start() < interval.end()) {
                    addUnlessEmpty(left, contig.name(), start, hole.start());
                    start = hole.end();
                }
            }
            addUnlessEmpty(left, contig.name(), start, interval.end());
        }
        return left;
    }

    private static void addUnlessEmpty(List<Interval> intervals, String contig, long start, long end) {
        if (start < end) {
            intervals.add(new Interval(contig, start, end));
        }
    }

    /**
     * Checks that each pattern means something, since one that does not is a slip of the pen.
     *
     * @param contigs of all inputs
     * @throws InputException if a pattern matches no contig
     */
    public void requireMatches(List<Contig> contigs) {
        requireMatches("ingest.contigs.allow", allow, contigs);
        requireMatches("ingest.contigs.deny", deny, contigs);
    }

    private static void requireMatches(String key, List<String> patterns, List<Contig> contigs) {
        for (String pattern : patterns) {
            if (contigs.stream().noneMatch(contig -> matches(pattern, contig.name()))) {
                throw new InputException(key + ": no contig matches '" + pattern + "'; the input has "
                        + contigs.stream().limit(10).map(Contig::name).toList()
                        + (contigs.size() > 10 ? " and " + (contigs.size() - 10) + " more" : ""));
            }
        }
    }

    /**
     * Tells whether a name matches.
     *
     * @param pattern * stands for any text, ? for one character, all others for themselves
     * @param name the name
     * @return true if so
     */
    public static boolean matches(String pattern, String name) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return name.matches(regex);
    }
}
