package org.dnallama.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dnallama.checkpoint.LocalStorage;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.token.ByteTokenizer;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstructionTest {

    private static final Instruction INSTRUCTION = new Instruction("Is {sequence} one? ", "no", "yes");
    private static final Tokenizer BYTES = new ByteTokenizer();

    @TempDir
    private Path folder;

    @Test
    void questionsAndAnswersAreTokens() {
        int[] text = BYTES.encode("Is ACGT one? ");
        int[] question = INSTRUCTION.question("ACGT", BYTES);
        assertThat(question)
                .hasSize(text.length + 1)
                .startsWith(BYTES.beginId())
                .endsWith(text);
        List<int[]> answers = INSTRUCTION.answers(BYTES);
        assertThat(answers.get(0))
                .startsWith(BYTES.encode("no"))
                .endsWith(BYTES.endId())
                .hasSize(3);
        assertThat(answers.get(1))
                .startsWith(BYTES.encode("yes"))
                .endsWith(BYTES.endId())
                .hasSize(4);
    }

    @Test
    void tokenizersOfBasesAreRefused() {
        INSTRUCTION.requireText(BYTES);
        for (Tokenizer bases : List.of(new CharacterTokenizer(), new KmerTokenizer(3, 3))) {
            assertThatThrownBy(() -> INSTRUCTION.requireText(bases))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("finetune.mode = instruction: the model's tokenizer knows no text")
                    .hasMessageContaining("ingest.tokenizer.kind = byte");
        }
    }

    @Test
    void liesBesideTheCheckpoint() throws Exception {
        LocalStorage storage = new LocalStorage(folder);
        assertThat(Instruction.read(storage)).isEmpty();
        INSTRUCTION.write(storage);
        assertThat(Instruction.read(storage)).contains(INSTRUCTION);
        Files.writeString(folder.resolve("instruction.json"), "{\"prompt\": \"x\"}");
        assertThatThrownBy(() -> Instruction.read(storage))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("instruction.json: cannot be read")
                .hasMessageContaining("fine-tune anew");
    }

    @Test
    void defaultsAreWhole() {
        Settings settings = Settings.load(List.of(), List.of());
        Instruction read = Instruction.read(settings);
        settings.check();
        assertThat(read.prompt()).contains("{sequence}");
        assertThat(List.of(read.negative(), read.positive())).containsExactly("Non-promoter", "promoter");
    }

    @Test
    void badSettingsAreNamed() {
        Settings settings = Settings.load(
                List.of(),
                List.of(
                        "finetune.instruction.prompt=\"what?\"",
                        "finetune.instruction.negative=yes",
                        "finetune.instruction.positive=yes"));
        Instruction.read(settings);
        assertThatThrownBy(settings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("finetune.instruction.prompt = 'what?': must have {sequence} once")
                .hasMessageContaining("negative = 'yes', positive = 'yes': must be two different answers");
    }
}
