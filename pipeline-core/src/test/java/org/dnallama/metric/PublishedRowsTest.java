package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedRowsTest {

    private static final String HEADER = "task,model,parameters,metric,value,source\n";

    private static PublishedRows read(String text) {
        return PublishedRows.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "published.csv", "core");
    }

    @Test
    void rowsOfTheTaskAreRead() {
        PublishedRows rows = read(HEADER + "core,A,86M,mcc,0.7,\"B et al., 2023\"\nother,C,,mcc,0.5,D\n");
        assertThat(rows.rows())
                .containsExactly(new PublishedRows.PublishedRow("A", "86M", Metric.MCC, 0.7, "B et al., 2023"));
    }

    @Test
    void thoseThatComeAlongAreReadForEachPromoterTask() throws IOException {
        Path file = Path.of("..", "conf", "published-gue-promoters.csv");
        for (String task : List.of("prom_core_tata", "prom_core_notata", "prom_core_all", "prom_300_all")) {
            try (InputStream in = Files.newInputStream(file)) {
                assertThat(PublishedRows.read(in, file.toString(), task).rows())
                        .hasSize(4)
                        .allSatisfy(row -> assertThat(row.source()).contains("https://"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other,A,,mcc,0.5,D | published.csv: has no row of the task 'core', only of other; correct",
                "core,A,,mcc,74.2,D | published.csv:2: value is '74.2'; write a number in [-1, 1], 0.742 for 74.2",
                "core,A,,mcc,x,D | published.csv:2: value is 'x'; write a number in",
                "core,A,,auc,0.5,D | published.csv:2: metric is 'auc'; write one of mcc, f1, f1Macro, auroc",
                "core,A,,mcc | published.csv:2: has 4 columns; a row must have 6",
            })
    void badRowsAreNamed(String row, String message) {
        assertThatThrownBy(() -> read(HEADER + row + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aBadHeaderIsNamed() {
        assertThatThrownBy(() -> read("model,value\nA,1\n"))
                .hasMessage("published.csv:1: header is 'model,value'; the first line must be"
                        + " 'task,model,parameters,metric,value,source'");
    }
}
