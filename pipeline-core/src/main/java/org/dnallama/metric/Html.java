package org.dnallama.metric;

/** Text for HTML. */
final class Html {

    private Html() {}

    /**
     * Makes text safe between tags and inside quoted attributes.
     *
     * @param text anything
     * @return the same text for a reader of the page
     */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
