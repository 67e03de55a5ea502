package org.dnallama.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledSequencesTest {

    private static List<LabelledSequence> read(String text) {
        return LabelledSequences.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "folder/test.csv");
    }

    @Test
    void readsRowsInOrderUpperCasedWithTheirPlaces() {
        assertThat(read("sequence,label\nacgtn,1\n\"RYK\",0\n\nAC,1"))
                .containsExactly(
                        new LabelledSequence("test.csv:2", "ACGTN", 1),
                        new LabelledSequence("test.csv:3", "RYK", 0),
                        new LabelledSequence("test.csv:5", "AC", 1));
    }

    @Test
    void readsWindowsLineEnds() {
        assertThat(read("sequence,label\r\nAC,1\r\nGT,0\r\n"))
                .extracting(LabelledSequence::id)
                .containsExactly("test.csv:2", "test.csv:3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            quoteCharacter = '`',
            value = {
                "seq,label;AC,1 | folder/test.csv:1: header is 'seq,label'; the first line must be 'sequence,label'",
                "AC,1 | folder/test.csv:1: header is 'AC,1'; the first line must be 'sequence,label'",
                "`` | folder/test.csv:1: header is ''; the first line must be 'sequence,label'",
                "sequence,label | folder/test.csv:2: has no row; give at least one line 'sequence,label' below the header",
                "sequence,label;AC,1;GT,2 | folder/test.csv:3: label is '2'; write 1 for the positive class, 0 for the other",
                "sequence,label;AC, | folder/test.csv:2: label is ''; write 1 for the positive class, 0 for the other",
                "sequence,label;,1 | folder/test.csv:2: the sequence is empty; give at least one base, or drop the row",
                "sequence,label;AC | folder/test.csv:2: has 1 column; a row must have 2, 'sequence,label'",
                "sequence,label;AC,1;GT,0,9; | folder/test.csv:3: has 3 columns; a row must have 2, 'sequence,label'",
                "sequence,label;ACGJ,1 | folder/test.csv:2: 'J' at base 4 is no nucleotide code;"
                        + " use IUPAC codes (ACGTURYSWKMBDHVN), N for an unknown base",
            })
    void badInputNamesPlaceValueAndRemedy(String text, String message) {
        assertThatThrownBy(() -> read(text.replace(';', '\n')))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void anOpenQuoteIsReportedAsInput() {
        assertThatThrownBy(() -> read("sequence,label\nAC,1\n\"GT,0\n"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("folder/test.csv:3: cannot be read as CSV: ")
                .hasMessageEndingWith("; check the quotes");
    }
}
