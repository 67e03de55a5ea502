package org.dnallama.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dnallama.ingest.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** GUE's core promoters and real chromosomes, against counts made by an independent script on the same files. */
@EnabledIfEnvironmentVariable(
        named = "DNALLAMA_DATA",
        matches = ".+",
        disabledReason = "DNALLAMA_DATA is not set; it must name the folder with the real data")
class GueAuditTest {

    @TempDir
    Path folder;

    @Test
    void findsTheKnownLeaksOfThreeDataSets() throws Exception {
        Path data = Path.of(System.getenv("DNALLAMA_DATA"));
        assertThat(data.resolve("gue/prom/prom_core_all/train.csv"))
                .as("DNALLAMA_DATA must name the folder with the real data")
                .isRegularFile();
        for (String name : new String[] {"chr2_1-2333275.fa.gz", "Homo_sapiens_assembly18.trimmed.fasta"}) {
            // Copied, since indexes are made beside them.
            Files.copy(data.resolve("genome/" + name), folder.resolve(name));
        }
        Job.Outcome run = Job.command(
                "audit",
                "local[2]",
                "audit.data=\"" + data.resolve("gue/prom") + "\"",
                "audit.genome=[\"" + folder.resolve("chr2_1-2333275.fa.gz") + "\",\""
                        + folder.resolve("Homo_sapiens_assembly18.trimmed.fasta") + "\"]",
                "audit.output=\"" + folder.resolve("audit") + "\"");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve("audit/audit.json")));
        assertThat(of(json, "exact", "prom_core_all", "train", "test")
                        .path("rowsB")
                        .asInt())
                .isEqualTo(43);
        assertThat(of(json, "exact", "prom_core_tata", "train", "test")
                        .path("rowsB")
                        .asInt())
                .isEqualTo(16);
        JsonNode twins = of(json, "twin", "prom_core_notata", "train", "dev");
        assertThat(twins.path("pairs").asInt()).isEqualTo(3404);
        assertThat(twins.path("rowsB").asInt()).isEqualTo(2689);
        assertThat(twins.path("decidedB").asInt()).isEqualTo(2660);
        assertThat(twins.path("otherLabelB").asInt()).isEqualTo(2600);
        assertThat(of(json, "containment", "prom_core_all", "train", "genome")
                        .path("pairs")
                        .asInt())
                .isEqualTo(28);
        assertThat(of(json, "containment", "prom_core_all", "test", "genome")
                        .path("pairs")
                        .asInt())
                .isEqualTo(5);
        assertThat(json.at("/leftOut/tooFrequentRows").asInt()).isZero();
    }

    private static JsonNode of(JsonNode json, String kind, String task, String splitA, String splitB) {
        for (JsonNode one : json.path("overlaps")) {
            if (one.path("kind").asText().equals(kind)
                    && one.path("taskA").asText().equals(task)
                    && one.path("splitA").asText().equals(splitA)
                    && one.path("splitB").asText().equals(splitB)) {
                return one;
            }
        }
        throw new AssertionError("no " + kind + " of " + task + " " + splitA + " and " + splitB + " in " + json);
    }
}
