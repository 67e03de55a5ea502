package org.dnallama.training;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.dnallama.config.InputException;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.JobOptions.Existing;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingSettings;

/** What becomes of a run that was begun with another optimizer and not finished. */
final class UnfinishedRun {

    private UnfinishedRun() {}

    /**
     * Lets the job go on from such a run if its settings adopt it; otherwise it is left to {@link Artefact#open}, which
     * keeps progress of the same identity alone.
     *
     * @throws InputException if there is such a run, and it may be neither adopted nor replaced
     */
    static void settle(
            String output, String identity, TrainingSettings training, Existing existing, Configuration hadoop)
            throws IOException {
        Optional<Path> begun = Artefact.inProgress(output, hadoop);
        if (begun.isEmpty() || existing == Existing.REPLACE) {
            return;
        }
        if (TrainingJob.adopts(new HadoopStorage(begun.get().toString(), hadoop), training)) {
            Artefact.adopt(output, identity, hadoop);
        }
    }
}
