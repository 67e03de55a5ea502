package org.dnallama.evaluation;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.dnallama.metric.CurvesImage;
import org.dnallama.metric.Report;
import org.dnallama.spark.Artefact;

/** Reports and their pictures. */
final class Images {

    /** Draws into a stream. */
    interface Drawing {

        /** Draws. */
        void draw(OutputStream out) throws IOException;
    }

    private Images() {}

    /** Writes {@code report.html}, and each of its pictures into {@code plots/}. */
    static void write(Artefact artefact, Report report) throws IOException {
        artefact.write("report.html", report.html());
        for (Map.Entry<String, String> plot : report.plots().entrySet()) {
            artefact.write("plots/" + plot.getKey(), plot.getValue());
        }
    }

    /** Writes {@code curves.png}, or says why there is none. */
    static void write(Artefact artefact, Drawing drawing) throws IOException {
        if (!CurvesImage.canDraw()) {
            System.err.println("warning: curves.png is left out, since this Java finds no fonts; install fontconfig"
                    + " and any font (report.html needs neither)");
            return;
        }
        try (OutputStream out = artefact.fileSystem().create(new Path(artefact.folder(), "curves.png"), true)) {
            drawing.draw(out);
        }
    }
}
