package org.dnallama.shard;

import java.io.Serializable;
import java.util.List;
import org.dnallama.config.Seeds;

/** Into which split a place on the genome falls; a function of the place, the rule and the seed alone. */
public sealed interface SplitRule extends Serializable {

    /**
     * The split of a place.
     *
     * @param contig the contig's name
     * @param position on the contig
     * @return its split
     */
    Split of(String contig, long position);

    /**
     * Where the split changes next.
     *
     * @param contig the contig's name
     * @param position on the contig
     * @param end how far to look
     * @return the first position after the given one whose split is another; {@code end} if there is none before it
     */
    long nextChange(String contig, long position, long end);

    /**
     * Whole contigs are held out.
     *
     * @param validContigs their names
     */
    record ByContig(List<String> validContigs) implements SplitRule {

        /**
         * Takes a copy.
         *
         * @param validContigs names of contigs
         */
        public ByContig {
            validContigs = List.copyOf(validContigs);
        }

        @Override
        public Split of(String contig, long position) {
            return validContigs.contains(contig) ? Split.VALID : Split.TRAIN;
        }

        @Override
        public long nextChange(String contig, long position, long end) {
            return end;
        }
    }

    /**
     * Regions are held out by a hash of (seed, contig, region).
     *
     * @param seed the run's seed
     * @param validFraction the fraction of regions to hold out, in [0, 1]
     * @param regionBases bases in a region, at least 1
     */
    record ByHash(long seed, double validFraction, int regionBases) implements SplitRule {

        /**
         * Checks the bounds.
         *
         * @param seed any
         * @param validFraction in [0, 1]
         * @param regionBases at least 1
         * @throws IllegalArgumentException if they are out of bounds
         */
        public ByHash {
            if (!(validFraction >= 0 && validFraction <= 1) || regionBases < 1) {
                throw new IllegalArgumentException("validFraction " + validFraction + ", regionBases " + regionBases
                        + ": must lie in [0, 1] and be at least 1");
            }
        }

        @Override
        public Split of(String contig, long position) {
            long key = new Seeds(seed).key("split " + contig, position / regionBases);
            double uniform = (key >>> 11) * 0x1.0p-53;
            return uniform < validFraction ? Split.VALID : Split.TRAIN;
        }

        @Override
        public long nextChange(String contig, long position, long end) {
            Split here = of(contig, position);
            long border = (position / regionBases + 1) * regionBases;
            while (border < end && of(contig, border) == here) {
                border += regionBases;
            }
            return Math.min(border, end);
        }
    }
}
