package org.dnallama.token;

import java.io.Serializable;

/** What all tokenizers share: special ids, and travelling to executors as their {@code tokenizer.json}. */
abstract class AbstractTokenizer implements Tokenizer {

    private final SpecialIds special;

    AbstractTokenizer(SpecialIds special) {
        this.special = special;
    }

    @Override
    public final int padId() {
        return special.pad();
    }

    @Override
    public final int beginId() {
        return special.begin();
    }

    @Override
    public final int endId() {
        return special.end();
    }

    /** The form that is serialized: tables are built anew where they are needed. */
    private record Form(String json) implements Serializable {
        private Object readResolve() {
            return Tokenizers.read(json);
        }
    }

    // Protected, so that serialization finds it from the subclasses.
    protected final Object writeReplace() {
        return new Form(toJson());
    }
}
