package org.dnallama.dna;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import htsjdk.tribble.SimpleFeature;
import htsjdk.tribble.index.tabix.TabixFormat;
import htsjdk.tribble.index.tabix.TabixIndex;
import htsjdk.tribble.index.tabix.TabixIndexCreator;
import htsjdk.tribble.util.LittleEndianOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A track for genome browsers: a header line, then lines of tab-separated columns in order of contig and position,
 * compressed by bgzip, with a tabix index.
 *
 * @see <a href="https://samtools.github.io/hts-specs/tabix.pdf">The tabix index file format</a>
 */
public final class IndexedTrack implements AutoCloseable {

    /** Where the bins of a tabix index end. */
    private static final long MOST_BASES = 1L << 29;

    private static final int HEADER_LINES = 1;

    private final OutputStream file;
    private final BlockCompressedOutputStream out;
    private final TabixIndexCreator index = new TabixIndexCreator(
            new TabixFormat(TabixFormat.UCSC_FLAGS, 1, 2, 3, TabixFormat.BED.metaCharacter, HEADER_LINES));
    private final StringBuilder line = new StringBuilder();
    private boolean indexable = true;

    /**
     * Begins a track.
     *
     * @param file where its bytes go; closed with the track
     * @param header its first line, such as {@code track type=bedGraph}
     * @throws IOException if it cannot be written
     */
    public IndexedTrack(OutputStream file, String header) throws IOException {
        this.file = file;
        out = new BlockCompressedOutputStream(file, (File) null);
        out.write((header + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a line.
     *
     * @param interval its first three columns; not empty, and not before that of the last line
     * @param columns all others, joined by tabs
     * @throws IOException if it cannot be written
     */
    public void add(Interval interval, String columns) throws IOException {
        indexable &= interval.end() <= MOST_BASES;
        if (indexable) {
            // In htsjdk positions count from 1 and ends are included.
            index.addFeature(
                    new SimpleFeature(interval.contig(), (int) interval.start() + 1, (int) interval.end()),
                    out.getFilePointer());
        }
        line.setLength(0);
        line.append(interval.contig()).append('\t').append(interval.start()).append('\t');
        line.append(interval.end()).append('\t').append(columns).append('\n');
        out.write(line.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Ends the track.
     *
     * @return a {@code .tbi} file; empty if a line lies behind base 536,870,912 of its contig, where tabix has no bins
     * @throws IOException if the track cannot be written
     */
    public Optional<byte[]> finish() throws IOException {
        long end = out.getFilePointer();
        out.close();
        if (!indexable) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (LittleEndianOutputStream tbi =
                new LittleEndianOutputStream(new BlockCompressedOutputStream(bytes, (File) null))) {
            ((TabixIndex) index.finalizeIndex(end)).write(tbi);
        }
        return Optional.of(bytes.toByteArray());
    }

    /** Lets the file go; what was not finished is cut. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
