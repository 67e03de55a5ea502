package org.dnallama.shard;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import org.dnallama.config.InputException;

/** What the text of a label says: a class number, or the name of a class. */
public final class LabelRule implements Serializable {

    /** Class 0 or 1, what a two-class model learns. */
    public static final LabelRule TWO_CLASSES =
            new LabelRule(1, List.of(), "write 1 for the positive class, 0 for the other");

    private static final long serialVersionUID = 1L;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final int MOST = 9999;

    private final int most;
    private final List<String> names;
    private final String remedy;

    private LabelRule(int most, List<String> names, String remedy) {
        this.most = most;
        this.names = List.copyOf(names);
        this.remedy = remedy;
    }

    /**
     * Any number of classes.
     *
     * @param names of class 0, 1, and so on, which a label may be instead of the number; none to allow numbers only
     * @param key the setting that gives the names, for messages
     * @return the rule
     */
    public static LabelRule classes(List<String> names, String key) {
        return names.isEmpty()
                ? new LabelRule(
                        MOST, names, "write the number of the class, 0 to " + MOST + ", or name the classes in " + key)
                : new LabelRule(
                        names.size() - 1, names, "write one of " + String.join(", ", names) + ", or correct " + key);
    }

    /**
     * Reads a label.
     *
     * @param text without white space around
     * @param place file and line
     * @return the class
     * @throws InputException if the text is neither a number of a class nor a name
     */
    int number(String text, String place) {
        int number = names.indexOf(text);
        if (number < 0 && NUMBER.matcher(text).matches()) {
            number = Integer.parseInt(text);
        }
        if (number < 0 || number > most) {
            throw new InputException(place + ": label is '" + LabelledSequences.abbreviated(text) + "'; " + remedy);
        }
        return number;
    }
}
