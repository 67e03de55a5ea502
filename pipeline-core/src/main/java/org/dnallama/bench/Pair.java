package org.dnallama.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.dnallama.collective.Meeting;

/** Rank 0 and the process of rank 1, which hears through its standard input where they meet. */
final class Pair implements AutoCloseable {

    /** The machine's own interface: the network of a cluster is not what is measured. */
    private static final String HOST = "127.0.0.1";

    /** Rank 1 waits while rank 0 measures what it does alone. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long END_SECONDS = 10;

    private final Process other;
    private final PrintWriter line;

    private Pair(Process other) {
        this.other = other;
        this.line = new PrintWriter(other.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts the other process, with the flags of this one. */
    static Pair start(List<String> command) throws IOException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchMain.class.getName()));
        java.addAll(command);
        return new Pair(new ProcessBuilder(java)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** What rank 0 brings along: it tells the other where to meet. */
    Meeting meeting() {
        return new Meeting(0, 2, HOST, PATIENCE, OptionalInt.empty(), mine -> {
            line.println(mine);
            return new String[] {mine, ""};
        });
    }

    /** What rank 1 brings along, in its own process. */
    static Meeting meetingOfTheOther() {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return new Meeting(1, 2, HOST, PATIENCE, OptionalInt.empty(), mine -> {
            try {
                String told = input.readLine();
                if (told == null) {
                    throw new IllegalStateException("rank 0 has ended");
                }
                return new String[] {told, mine};
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Lets the other process end by itself, but not for long. */
    @Override
    public void close() {
        line.close();
        try {
            other.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        other.destroyForcibly();
    }
}
