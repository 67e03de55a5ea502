package org.dnallama.scan;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.dnallama.dna.IndexedTrack;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.spark.Artefact;

/** Writes the tracks of a scan, range by range in order: scores of both strands as bedGraph, and calls as BED. */
final class Tracks implements AutoCloseable {

    /** In BED a score goes up to this. */
    private static final int BEST_IN_BED = 1000;
    /** In a bedGraph scores have so many steps between 0 and 1. */
    private static final int STEPS = 10_000;

    private static final Comparator<Call> IN_ORDER =
            Comparator.<Call>comparingLong(call -> call.window.start()).thenComparing(Call::strand);

    private final Artefact artefact;
    private final WindowGrid grid;
    private final double threshold;
    private final long distance;
    private final IndexedTrack forward;
    private final IndexedTrack reverse;
    private final IndexedTrack bed;
    private Suppression forwardCalls;
    private Suppression reverseCalls;
    private String contig = "";
    private long windows;
    private long skipped;
    private long calls;

    private record Call(Interval window, Strand strand, float score) {}

    /**
     * What was written.
     *
     * @param windows that were scored, on both strands each
     * @param skipped windows that were not, for a base that is not known
     * @param calls on both strands
     */
    record Written(long windows, long skipped, long calls) {}

    /**
     * Begins the tracks.
     *
     * @param artefact where they go
     * @param grid where windows lie
     * @param threshold least score of a call
     * @param distance bases; calls on a strand are further apart
     * @throws IOException if they cannot be written
     */
    Tracks(Artefact artefact, WindowGrid grid, double threshold, long distance) throws IOException {
        this.artefact = artefact;
        this.grid = grid;
        this.threshold = threshold;
        this.distance = distance;
        this.forwardCalls = new Suppression(threshold, distance);
        this.reverseCalls = new Suppression(threshold, distance);
        forward = track(
                "scores.forward.bedgraph.gz",
                "type=bedGraph name=\"promoter +\" description=\"Promoter scores, forward strand\" "
                        + scale("0,90,160"));
        reverse = track(
                "scores.reverse.bedgraph.gz",
                "type=bedGraph name=\"promoter -\" description=\"Promoter scores, reverse strand\" "
                        + scale("180,70,0"));
        bed = track(
                "calls.bed.gz",
                "type=bed name=\"promoters\" description=\"Promoter calls\" visibility=pack useScore=1");
    }

    private static String scale(String colour) {
        return "visibility=full viewLimits=0:1 autoScale=off color=" + colour;
    }

    private IndexedTrack track(String name, String attributes) throws IOException {
        OutputStream file = artefact.fileSystem().create(new Path(artefact.folder(), name), true);
        return new IndexedTrack(file, "track " + attributes);
    }

    /** Adds the windows of the next range. */
    void add(Interval starts, Scores scores) throws IOException {
        if (!starts.contig().equals(contig)) {
            endContig();
            contig = starts.contig();
        }
        for (int i = 0; i < scores.count(); i++) {
            if (scores.isSkipped(i)) {
                skipped++;
                continue;
            }
            windows++;
            Interval middle = grid.middle(starts, i);
            forward.add(middle, shown(scores.forward()[i]));
            reverse.add(middle, shown(scores.reverse()[i]));
            long start = starts.start() + (long) i * grid.stride();
            forwardCalls.offer(start, scores.forward()[i]);
            reverseCalls.offer(start, scores.reverse()[i]);
        }
    }

    private void endContig() throws IOException {
        List<Call> found = new ArrayList<>();
        collect(forwardCalls, Strand.FORWARD, found);
        collect(reverseCalls, Strand.REVERSE, found);
        found.sort(IN_ORDER);
        for (Call call : found) {
            calls++;
            long score = Math.round(BEST_IN_BED * (double) call.score);
            bed.add(call.window, "promoter" + calls + "\t" + score + "\t" + call.strand.symbol());
        }
        forwardCalls = new Suppression(threshold, distance);
        reverseCalls = new Suppression(threshold, distance);
    }

    private void collect(Suppression suppression, Strand strand, List<Call> calls) {
        for (Suppression.Candidate one : suppression.calls()) {
            Interval window = new Interval(contig, one.start(), one.start() + grid.window());
            calls.add(new Call(window, strand, one.score()));
        }
    }

    private static String shown(float score) {
        return Double.toString((double) Math.round((double) score * STEPS) / STEPS);
    }

    /** Ends the tracks and writes their indexes. */
    Written finish() throws IOException {
        endContig();
        index(forward, "scores.forward.bedgraph.gz.tbi");
        index(reverse, "scores.reverse.bedgraph.gz.tbi");
        index(bed, "calls.bed.gz.tbi");
        return new Written(windows, skipped, calls);
    }

    private void index(IndexedTrack track, String name) throws IOException {
        Optional<byte[]> index = track.finish();
        if (index.isPresent()) {
            try (OutputStream out = artefact.fileSystem().create(new Path(artefact.folder(), name), true)) {
                out.write(index.get());
            }
        }
    }

    @Override
    public void close() throws IOException {
        forward.close();
        reverse.close();
        bed.close();
    }
}
