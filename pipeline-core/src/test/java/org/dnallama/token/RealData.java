package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Files of the folder that {@code DNALLAMA_DATA} names. */
final class RealData {

    static final String VARIABLE = "DNALLAMA_DATA";
    static final String WHY_NOT = "DNALLAMA_DATA is not set; it must name the folder with the real data";

    private RealData() {}

    static Path file(String name) {
        Path file = Path.of(System.getenv(VARIABLE), name);
        assertThat(file)
                .as("DNALLAMA_DATA must name the folder with the real data")
                .isRegularFile();
        return file;
    }

    static String text(String name) throws IOException {
        return Files.readString(file(name));
    }

    /** The first contig's letters, in upper case, with N and ambiguity codes. */
    static String chr2() throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file("genome/chr2_1-2333275.fa.gz")))) {
            String fasta = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return fasta.substring(fasta.indexOf('\n')).replace("\n", "").toUpperCase(Locale.ROOT);
        }
    }
}
