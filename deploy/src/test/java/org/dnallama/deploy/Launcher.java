package org.dnallama.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs {@code deploy/dna-llama} as a user does. */
record Launcher(Path folder, Map<String, String> environment) {

    static final Path SCRIPT = Path.of("dna-llama").toAbsolutePath();

    /** What a command left. */
    record Outcome(int code, String out, String err) {

        /** The one line that {@code --dry-run} prints, as words. */
        List<String> words() {
            List<String> words = new ArrayList<>();
            StringBuilder word = new StringBuilder();
            boolean quoted = false;
            for (char letter : (out.strip() + " ").toCharArray()) {
                if (letter == '\'') {
                    quoted = !quoted;
                } else if (letter == ' ' && !quoted) {
                    words.add(word.toString());
                    word.setLength(0);
                } else {
                    word.append(letter);
                }
            }
            return words;
        }

        /** What Spark would take for a property: the last that is given. */
        String property(String key) {
            List<String> words = words();
            String value = "";
            for (int i = 1; i < words.size(); i++) {
                if (words.get(i - 1).equals("--conf") && words.get(i).startsWith(key + "=")) {
                    value = words.get(i).substring(key.length() + 1);
                }
            }
            return value;
        }
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        File out = Files.createTempFile(folder, "out", ".txt").toFile();
        File err = Files.createTempFile(folder, "err", ".txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out)
                .redirectError(err);
        builder.environment().keySet().removeAll(List.of("SPARK_HOME", "DNALLAMA_MEMORY", "DNALLAMA_JARS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Outcome(code, text(out), text(err));
    }

    private static String text(File file) throws IOException {
        return Files.readString(file.toPath(), StandardCharsets.UTF_8);
    }
}
