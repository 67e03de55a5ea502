package org.dnallama.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.TrainingException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

final class CommandsTest {

    @Command(name = "test")
    private record Failing(Exception error) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw error;
        }
    }

    private static int codeOf(Exception error) {
        return Commands.run(new Failing(error));
    }

    @Test
    void everyKindOfFailureHasItsExitCode() {
        assertThat(codeOf(new ConfigException(List.of("x")))).isEqualTo(2);
        assertThat(codeOf(new InputException("x"))).isEqualTo(3);
        assertThat(codeOf(new TrainingException("x"))).isEqualTo(4);
        assertThat(codeOf(new IllegalStateException("x"))).isEqualTo(70);
    }

    @Test
    void causesInsideOfSparksExceptionsCount() {
        Exception wrapped = new RuntimeException("Job aborted", new RuntimeException(new InputException("line 3")));
        assertThat(codeOf(wrapped)).isEqualTo(3);
    }

    /** As Spark does it: the job fails because a shutdown hook has taken its context away. */
    @Command(name = "cut-off")
    static final class CutOff implements Callable<Integer> {

        public static void main(String[] args) {
            System.exit(Commands.run(new CutOff()));
        }

        @Override
        public Integer call() throws Exception {
            CountDownLatch contextStopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                // Hooks run at once and in no order; Spark's takes its time.
                sleep(200);
                contextStopped.countDown();
                sleep(500);
            }));
            System.out.println("running");
            contextStopped.await();
            throw new IllegalStateException("Job cancelled because SparkContext was shut down");
        }

        private static void sleep(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aSignalIsNoBug() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CutOff.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.lines().anyMatch("running"::equals)).isTrue();
            process.toHandle().destroy(); // Process.destroy would close what it prints
            assertThat(lines.lines().toList())
                    .anyMatch("error: stopped by a signal; the same command goes on from what is finished"::equals)
                    .noneMatch(line -> line.contains("internal error"));
        }
        assertThat(process.waitFor()).isEqualTo(Commands.STOPPED);
    }

    @Test
    void unknownOptionIsAUsageError() {
        assertThat(Commands.run(new Failing(new IllegalStateException()), "--nonsense"))
                .isEqualTo(2);
    }

    @Test
    void noMessageTellsASecret() {
        PrintStream before = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true));
        try {
            codeOf(new IllegalStateException("https://me:swordfish@host", new RuntimeException("api.key=swordfish")));
            codeOf(new RuntimeException("wrapped", new InputException("fs.s3a.secret.key = swordfish: refused")));
        } finally {
            System.setErr(before);
        }
        assertThat(told.toString())
                .contains("internal error", "https://me:*********(redacted)@host", "api.key=*********(redacted)")
                .contains("error: fs.s3a.secret.key = *********(redacted): refused")
                .doesNotContain("swordfish");
    }
}
