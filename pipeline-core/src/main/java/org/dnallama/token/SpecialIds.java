package org.dnallama.token;

/**
 * Ids of the tokens that stand for no bases of their own.
 *
 * @param pad pads rows
 * @param begin starts a document
 * @param end ends a document
 */
record SpecialIds(int pad, int begin, int end) {}
