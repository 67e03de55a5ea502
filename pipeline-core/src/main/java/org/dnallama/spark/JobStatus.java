package org.dnallama.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.dnallama.config.Redaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a job that was submitted tells of itself in {@code OUTPUT.status.json}, beside its output: most cluster managers
 * hide the exit code of a driver that runs on the cluster, and its messages are in a log somewhere.
 *
 * <p>The file has {@code command}, {@code output}, {@code run} (by which a submission knows its own), {@code state}
 * ({@code running}, {@code done} or {@code failed}), {@code exitCode}, {@code firstCause}, {@code applicationId},
 * {@code started} and {@code ended}.
 */
final class JobStatus {

    /** Spark's own: set wherever {@code spark-submit} started the driver. */
    static final String DEPLOY_MODE = "spark.submit.deployMode";
    /** Names the submission that a status is of. */
    static final String RUN = "spark.dnallama.run";
    /** Where a session leaves Spark's name for it. */
    static final String APPLICATION = "dnallama.applicationId";

    private static final Logger LOG = LoggerFactory.getLogger(JobStatus.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final String output;
    private final Configuration hadoop;
    private final ObjectNode status = JSON.createObjectNode();

    private JobStatus(SubmittedLine line, String output) {
        this.output = output;
        this.hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
        status.put("command", line.command()).put("output", output).put("run", System.getProperty(RUN, ""));
        status.put("started", now());
    }

    /**
     * The status of a job that {@code spark-submit} started.
     *
     * @param args command and options
     * @return the status; empty for an embedded run, whose exit code everyone sees, and for what has no output
     */
    static Optional<JobStatus> ofSubmitted(String... args) {
        return System.getProperty(DEPLOY_MODE) == null ? Optional.empty() : of(SubmittedLine.parse(args));
    }

    static Optional<JobStatus> of(SubmittedLine line) {
        return line.output().map(output -> new JobStatus(line, output));
    }

    /** Tells that the driver is there. */
    void running() {
        write("running");
    }

    /**
     * Tells how it ended.
     *
     * @param code exit code
     * @param firstCause message of the error, empty if there is none
     */
    void ended(int code, String firstCause) {
        status.put("ended", now()).put("exitCode", code).put("firstCause", firstCause);
        write(code == Commands.DONE ? "done" : "failed");
    }

    // A status that cannot be written must not end a job that can do its work.
    private void write(String state) {
        status.put("state", state).put("applicationId", applicationId());
        try {
            Path place = place();
            FileSystem fileSystem = FileSystems.of(place, hadoop);
            if (Artefact.writesInPlace(fileSystem)) {
                write(fileSystem, place);
                return;
            }
            // Who looks from time to time finds the one or the other status, never a half.
            Path beside = new Path(place.getParent(), "." + place.getName() + ".incomplete");
            write(fileSystem, beside);
            FileContext.getFileContext(fileSystem.getUri(), hadoop)
                    .rename(
                            fileSystem.makeQualified(beside),
                            fileSystem.makeQualified(place),
                            Options.Rename.OVERWRITE);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}.status.json: cannot be written, so schedulers will not know how this job ends: {}", output, e);
        }
    }

    private void write(FileSystem fileSystem, Path file) throws IOException {
        try (OutputStream out = fileSystem.create(file, true)) {
            out.write(JSON.writeValueAsBytes(Redaction.of(status)));
        }
    }

    /**
     * Reads what was written last.
     *
     * @return the file's content; empty if there is none
     * @throws IOException if it cannot be read
     */
    Optional<JsonNode> read() throws IOException {
        FileSystem fileSystem = FileSystems.of(place(), hadoop);
        if (!fileSystem.exists(place())) {
            return Optional.empty();
        }
        try (InputStream in = fileSystem.open(place())) {
            return Optional.of(JSON.readTree(in));
        }
    }

    private Path place() {
        return new Path(new Path(output) + ".status.json");
    }

    private static String applicationId() {
        String onYarn = System.getProperty("spark.yarn.app.id", System.getProperty("spark.app.id", ""));
        return System.getProperty(APPLICATION, onYarn);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
