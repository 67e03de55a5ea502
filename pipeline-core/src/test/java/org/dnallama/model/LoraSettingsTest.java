package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Settings;
import org.junit.jupiter.api.Test;

final class LoraSettingsTest {

    private static Settings settings(String... overrides) {
        return Settings.load(List.of(), List.of(overrides));
    }

    @Test
    void isOffUnlessARankIsGiven() {
        Settings settings = settings();
        assertThat(LoraSettings.read(settings, "pretrain").rank()).isZero();
        settings.check();
    }

    @Test
    void jobsHaveTheirOwnCopies() {
        Settings settings = settings(
                "finetune.from=runs/base",
                "finetune.lora.rank=8",
                "finetune.lora.targets=[q,o,up]",
                "finetune.lora.modulesToSave=embed_tokens",
                "finetune.lora.frozen=bfloat16");
        LoraSettings lora = LoraSettings.read(settings, "finetune");
        settings.check();
        assertThat(lora)
                .isEqualTo(new LoraSettings(
                        8,
                        16,
                        0,
                        List.of("q", "o", "up"),
                        List.of("embed_tokens"),
                        LoraSettings.Precision.BFLOAT16,
                        "runs/base"));
        assertThat(lora.scale()).isEqualTo(2);
        assertThat(LoraSettings.read(settings, "pretrain").rank()).isZero();
    }

    @Test
    void everyErrorIsNamed() {
        Settings settings = settings("pretrain.lora { rank = 4, targets = [q, w], modulesToSave = [norm] }");
        LoraSettings.read(settings, "pretrain");
        assertThatThrownBy(settings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 errors")
                .hasMessageContaining("pretrain.lora.targets has w: must be of q, k, v, o, gate, up, down")
                .hasMessageContaining("pretrain.lora.modulesToSave has norm: must be of embed_tokens, lm_head, score")
                .hasMessageContaining("pretrain.lora.rank = 4: adapters need a base; set pretrain.from");
    }
}
