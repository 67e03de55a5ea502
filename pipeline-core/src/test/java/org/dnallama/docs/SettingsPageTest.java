package org.dnallama.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/settings.md is made from reference.conf: by {@code mvn test -Dtest=SettingsPageTest -Ddocs.write=true}. */
final class SettingsPageTest {

    private static final Path PAGE = Repository.ROOT.resolve("docs/settings.md");

    @Test
    void thePageSaysWhatTheReferenceSays() throws IOException {
        String page = SettingsPage.render(
                Repository.read(Repository.ROOT.resolve("pipeline-core/src/main/resources/reference.conf")));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Repository.read(PAGE))
                .as("docs/settings.md; write it anew with -Dtest=SettingsPageTest -Ddocs.write=true")
                .isEqualTo(page);
    }
}
