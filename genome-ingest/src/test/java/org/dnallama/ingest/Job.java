package org.dnallama.ingest;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnallama.config.Seeds;

/** Runs the job as a user does, within this process, and makes its input. */
public final class Job {

    private static final Pattern SHARDS =
            Pattern.compile("(?:ingest|importGue)\\.output=\"?(?:[a-z0-9]+:(?://)?)?(/[^\"]+)\"?");

    private Job() {}

    /**
     * What a run left.
     *
     * @param exitCode of the process
     * @param out standard output
     * @param err standard error
     */
    public record Outcome(int exitCode, String out, String err) {}

    /**
     * Runs {@code ingest}.
     *
     * @param master Spark's master
     * @param arguments settings as {@code key=value}, or options
     * @return exit code and texts
     */
    static Outcome run(String master, String... arguments) {
        return command("ingest", master, arguments);
    }

    /**
     * Runs any of the module's commands. Where it wrote shards, no base may have gone astray.
     *
     * @param command its name
     * @param master Spark's master
     * @param arguments settings as {@code key=value}, or options
     * @return exit code and texts
     */
    public static Outcome command(String command, String master, String... arguments) {
        List<String> line = new ArrayList<>(List.of(command));
        for (String argument : arguments) {
            line.addAll(argument.startsWith("--") ? List.of(argument) : List.of("--set", argument));
        }
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setProperty("spark.master", master);
        System.setProperty("spark.ui.enabled", "false");
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            int code = IngestMain.run(line.toArray(String[]::new));
            if (code == 0 && !line.contains("--verify")) {
                requireBalance(line);
            }
            return new Outcome(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
            System.clearProperty("spark.master");
            System.clearProperty("spark.ui.enabled");
        }
    }

    private static void requireBalance(List<String> line) {
        Optional<Path> shards = line.stream()
                .map(SHARDS::matcher)
                .filter(Matcher::matches)
                .map(output -> Path.of(output.group(1)))
                .reduce((first, last) -> last);
        try {
            if (shards.isPresent()) {
                Balance.require(shards.get());
            }
        } catch (IOException | SQLException e) {
            throw new AssertionError(line.toString(), e);
        }
    }

    /** A FASTA record with runs of N, soft-masked stretches and a few ambiguity codes, in lines of 60. */
    static String contig(String name, int bases, long seed) {
        RandomGenerator random = new Seeds(seed).stream("contig");
        StringBuilder text = new StringBuilder();
        while (text.length() < bases) {
            switch (random.nextInt(8)) {
                case 0 -> text.append("N".repeat(random.nextInt(200)));
                case 1 -> random.ints(300, 0, 4).forEach(i -> text.append("acgt".charAt(i)));
                case 2 -> text.append("R");
                default -> random.ints(500, 0, 4).forEach(i -> text.append("ACGT".charAt(i)));
            }
        }
        text.setLength(bases);
        return ">" + name + " generated\n" + text.toString().replaceAll("(.{60})", "$1\n") + "\n";
    }

    static Path plain(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }

    static Path bgzip(Path file, String text) throws IOException {
        try (OutputStream out = new BlockCompressedOutputStream(file.toFile())) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return file;
    }

    static Path withoutEnd(Path whole, Path cut, int bytes) throws IOException {
        byte[] all = Files.readAllBytes(whole);
        return Files.write(cut, Arrays.copyOf(all, all.length - bytes));
    }
}
