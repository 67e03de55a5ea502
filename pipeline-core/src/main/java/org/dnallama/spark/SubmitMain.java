package org.dnallama.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** What the launcher does on this machine before and after a driver runs on the cluster. */
@Command(
        name = "submit",
        description = "Before and after a job runs on a cluster; for deploy/dna-llama.",
        subcommands = {SubmitMain.Resolve.class, SubmitMain.Status.class})
public final class SubmitMain {

    private SubmitMain() {}

    /**
     * Runs one of the two.
     *
     * @param args {@code resolve} or {@code status}, and a job's command line
     */
    public static void main(String[] args) {
        System.exit(Commands.run(new SubmitMain(), args));
    }

    @Command(
            name = "resolve",
            description = "Prints a job's command line with the settings in it, each word ended by a zero byte.")
    static final class Resolve implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private CommandSpec spec;

        @Unmatched
        private List<String> line = new ArrayList<>();

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            SubmittedLine.parse(line.toArray(String[]::new)).resolved().forEach(word -> out.print(word + '\0'));
            out.flush();
            return Commands.DONE;
        }
    }

    @Command(name = "status", description = "Tells how a job on the cluster ended, and ends with its exit code.")
    static final class Status implements Callable<Integer> {

        @Option(names = "--run", required = true, description = "The submission.")
        private String run = "";

        @Option(names = "--submit-code", required = true, description = "The exit code of spark-submit.")
        private int submitCode;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private CommandSpec spec;

        @Unmatched
        private List<String> words = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            SubmittedLine line = SubmittedLine.parse(words.toArray(String[]::new));
            Optional<JobStatus> place = JobStatus.of(line);
            if (place.isEmpty()) {
                return submitCode == 0 ? Commands.DONE : Commands.CLUSTER;
            }
            PrintWriter err = spec.commandLine().getErr();
            Optional<JsonNode> status =
                    place.get().read().filter(it -> it.path("run").asText().equals(run));
            if (status.isEmpty()) {
                err.printf(
                        "dna-llama: %s did not start on the cluster; spark-submit ended with %d, and what it says above"
                                + " tells why%n",
                        line.command(), submitCode);
                return Commands.CLUSTER;
            }
            return tell(line.command(), status.get(), err);
        }

        private static int tell(String command, JsonNode status, PrintWriter err) {
            String application = status.path("applicationId").asText();
            switch (status.path("state").asText()) {
                case "done" -> {
                    err.printf("dna-llama: %s is done (%s)%n", command, application);
                    return Commands.DONE;
                }
                case "failed" -> {
                    int code = status.path("exitCode").asInt();
                    err.printf(
                            "dna-llama: %s failed with exit code %d: %s%n%s%n",
                            command, code, status.path("firstCause").asText(), logs(application));
                    return code;
                }
                default -> {
                    err.printf(
                            "dna-llama: %s was killed, or its driver was lost; run the same command again to go on%n%s%n",
                            command, logs(application));
                    return Commands.CLUSTER;
                }
            }
        }

        private static String logs(String application) {
            String where = "the driver's folder on its worker";
            if (application.startsWith("application_")) {
                where = "yarn logs -applicationId " + application;
            } else if (application.startsWith("spark-")) {
                where = "kubectl logs -l spark-role=driver,spark-app-selector=" + application;
            }
            return "Its log: " + where;
        }
    }
}
