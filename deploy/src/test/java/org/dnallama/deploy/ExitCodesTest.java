package org.dnallama.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dnallama.deploy.Launcher.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher ends when the driver runs on a cluster: a stand-in for spark-submit leaves a driver's status. */
class ExitCodesTest {

    @TempDir
    Path folder;

    @BeforeEach
    void standIn() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("spark/bin"));
        Path script = Files.writeString(bin.resolve("spark-submit"), """
                #!/usr/bin/env bash
                for word in "$@"; do
                    [[ $word != spark.dnallama.run=* ]] || run=${word#*=}
                done
                if [[ $2 == org.dnallama.spark.SubmitMain ]]; then
                    while [[ $1 != *-spark.jar ]]; do shift; done
                    shift
                    exec "$JAVA_HOME/bin/java" -cp "%s/target/lib/*" org.dnallama.spark.SubmitMain "$@"
                fi
                [[ -z ${STATUS:-} ]] || echo "{\\"run\\": \\"${RUN:-$run}\\", $STATUS}" >"$PWD/out.status.json"
                exit "${CODE:-0}"
                """.formatted(Launcher.SCRIPT.getParent()));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    private Outcome run(Map<String, String> environment) throws IOException, InterruptedException {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("SPARK_HOME", folder.resolve("spark").toString());
        all.put("DNALLAMA_JARS", "hdfs:///jars");
        return new Launcher(folder, all)
                .run("pretrain", "--set", "pretrain.output=" + folder.resolve("out"), "--cluster", "yarn-cluster");
    }

    @Test
    void aFailedJobEndsWithItsOwnCodeAndFirstCause() throws Exception {
        Outcome outcome = run(
                Map.of(
                        "CODE",
                        "1",
                        "STATUS",
                        "\"state\": \"failed\", \"exitCode\": 3, \"firstCause\": \"a.fa:7: bad\", \"applicationId\": \"application_1_2\""));
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err())
                .contains("pretrain failed with exit code 3: a.fa:7: bad", "yarn logs -applicationId application_1_2");
    }

    @Test
    void aFinishedJobEndsWithZero() throws Exception {
        Outcome outcome = run(Map.of("STATUS", "\"state\": \"done\", \"exitCode\": 0, \"applicationId\": \"app\""));
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("pretrain is done (app)");
    }

    @Test
    void aLostDriverIsNotTakenForADoneOne() throws Exception {
        Outcome outcome = run(Map.of("STATUS", "\"state\": \"running\", \"applicationId\": \"application_1_2\""));
        assertThat(outcome.code()).isEqualTo(69);
        assertThat(outcome.err()).contains("was killed, or its driver was lost; run the same command again to go on");
    }

    @Test
    void whatAnotherRunLeftIsNotTakenForThisOne() throws Exception {
        Outcome outcome = run(Map.of("RUN", "another", "CODE", "1", "STATUS", "\"state\": \"done\", \"exitCode\": 0"));
        assertThat(outcome.code()).isEqualTo(69);
        assertThat(outcome.err()).contains("pretrain did not start on the cluster; spark-submit ended with 1");
    }
}
