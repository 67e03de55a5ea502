package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Settings;
import org.junit.jupiter.api.Test;

final class OptimizerSettingsTest {

    @Test
    void readsItsDefaultsUnderAnyPrefix() {
        Settings settings = Settings.load(List.of(), List.of("pretrain.training.optimizer=kt4-classic"));
        OptimizerSettings pretrain = OptimizerSettings.read(settings, "pretrain.training");
        OptimizerSettings finetune = OptimizerSettings.read(settings, "finetune.training");
        settings.check();
        assertThat(pretrain)
                .isEqualTo(new OptimizerSettings(
                        OptimizerSettings.Kind.KT4_CLASSIC, 0.9, 0.999, 1e-8, 0.01, 2, Tableau.CLASSIC_4));
        assertThat(finetune.kind()).isEqualTo(OptimizerSettings.Kind.ADAMW);
    }

    @Test
    void namesEveryBadKey() {
        Settings settings = Settings.load(
                List.of(),
                List.of(
                        "training.optimizer=sgd",
                        "training.beta1=1",
                        "training.epsilon=0",
                        "training.guard=-1",
                        "training.tableau=rk4"));
        OptimizerSettings.read(settings, "training");
        assertThatThrownBy(settings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("training.optimizer = sgd")
                .hasMessageContaining("kt4-classic")
                .hasMessageContaining("training.beta1")
                .hasMessageContaining("training.epsilon")
                .hasMessageContaining("training.guard")
                .hasMessageContaining(
                        "training.tableau = rk4: must be one of heun-2, kutta-3, classic-4, three-eighths-4, chebyshev-4");
    }
}
