package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestBenchTest {

    @TempDir
    Path folder;

    @Test
    void measuresAndWrites() throws IOException {
        Path fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 200_000, 3));
        Path json = folder.resolve("ingest.json");
        int code = IngestBenchMain.run(
                "ingest", "--sizes", "1,2", "--fasta", fasta.toString(), "--repeats", "1", "--json", json.toString());
        assertThat(code).isZero();
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        double least = figures.path("bpe.vsHuggingFace").asDouble();
        assertThat(least)
                .isPositive()
                .isEqualTo(Math.min(
                        figures.path("bpe.512.vsHuggingFace").asDouble(),
                        figures.path("bpe.10000.vsHuggingFace").asDouble()));
        assertThat(figures.path("bpe.512.basesPerCpuSecond").asDouble()).isPositive();
    }

    @Test
    void namesWhatIsWrong() throws IOException {
        assertThat(IngestBenchMain.run("ingest", "--repeats", "0")).isEqualTo(2);
        Path fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 9000, 3));
        assertThat(IngestBenchMain.run("ingest", "--sizes", "1", "--fasta", fasta.toString()))
                .isEqualTo(3);
        assertThat(IngestBenchMain.run("ingest", "--sizes", "1", "--tokenizer", "none.json"))
                .isEqualTo(3);
    }
}
