package org.dnallama.dna;

import htsjdk.samtools.SAMException;
import htsjdk.samtools.reference.BlockCompressedIndexedFastaSequenceFile;
import htsjdk.samtools.reference.FastaSequenceIndex;
import htsjdk.samtools.reference.IndexedFastaSequenceFile;
import htsjdk.samtools.reference.ReferenceSequenceFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.dnallama.config.InputException;

/** Random access to the bases of one FASTA file. Not for use by several threads. */
public final class FastaReader implements Closeable {

    private final String path;
    private final ReferenceSequenceFile file;

    private FastaReader(String path, ReferenceSequenceFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Opens a checked file.
     *
     * @param source the file
     * @return a reader, to be closed by the caller
     * @throws InputException if it cannot be read any more
     */
    public static FastaReader open(FastaSource source) {
        FastaSequenceIndex index = Indexes.inMemory(source.contigs());
        Path place = Path.of(source.path());
        try {
            return new FastaReader(
                    source.path(),
                    source.blocks().compressed()
                            ? new BlockCompressedIndexedFastaSequenceFile(
                                    place, index, source.blocks().index())
                            : new IndexedFastaSequenceFile(place, index));
        } catch (IOException | SAMException e) {
            throw new InputException(source.path() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads an interval.
     *
     * @param interval within a contig of the file; not empty
     * @param unknown what to do with bytes that are no nucleotide code
     * @return its bases
     * @throws InputException if the file cannot be read any more or holds other bytes than when it was checked
     */
    public Stretch read(Interval interval, UnknownBytes unknown) {
        byte[] raw;
        try {
            raw = file.getSubsequenceAt(interval.contig(), interval.start() + 1, interval.end())
                    .getBases();
        } catch (SAMException e) {
            throw new InputException(path + ": cannot read " + interval + ": " + e.getMessage(), e);
        }
        for (int i = 0; unknown == UnknownBytes.REJECT && i < raw.length; i++) {
            if (!Nucleotides.isCode(raw[i])) {
                throw new InputException(
                        path + ": " + Nucleotides.show(raw[i] & 0xff) + " is no nucleotide code (contig "
                                + interval.contig() + ", position " + (interval.start() + i)
                                + "); set ingest.unknown = n to read it as N");
            }
        }
        return Stretch.of(interval, raw);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
