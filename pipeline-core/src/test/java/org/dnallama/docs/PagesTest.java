package org.dnallama.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages lead somewhere, all are found from their index, and the messages they explain are ones that we give. */
final class PagesTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!http|#)([^)#\\s]+)");
    private static final Pattern MESSAGE = Pattern.compile("(?m)^### `(.+)`$");

    @Test
    void linksLeadToFiles() {
        List<String> broken = Repository.pages().stream()
                .flatMap(page -> links(page)
                        .filter(link -> !Files.exists(page.resolveSibling(link)))
                        .map(link -> Repository.ROOT.relativize(page) + " -> " + link))
                .toList();

        assertThat(broken).isEmpty();
    }

    private static Stream<String> links(Path page) {
        return LINK.matcher(Repository.read(page)).results().map(match -> match.group(1));
    }

    @Test
    void theIndexNamesEveryPage() {
        Path docs = Repository.ROOT.resolve("docs");
        List<Path> linked = links(docs.resolve("README.md"))
                .map(link -> docs.resolve(link).normalize())
                .toList();
        List<Path> pages = Repository.pages().stream()
                .filter(page -> page.getParent().equals(docs) && !page.endsWith("README.md"))
                .toList();

        assertThat(linked).containsAll(pages);
    }

    @Test
    void explainedMessagesAreOurs() {
        // Texts that a line break in the source cuts are put together again.
        String sources = Stream.concat(
                        Repository.sources().stream(),
                        Stream.of("dna-llama", "launcher/build.sh", "launcher/submit.sh")
                                .map(Repository.ROOT.resolve("deploy")::resolve))
                .map(Repository::read)
                .collect(Collectors.joining())
                .replaceAll("\"\\s*\\+\\s*\"", "");
        String page = Repository.read(Repository.ROOT.resolve("docs/troubleshooting.md"));
        List<String> messages =
                MESSAGE.matcher(page).results().map(match -> match.group(1)).toList();

        assertThat(messages).hasSizeGreaterThan(20);
        assertThat(messages.stream().flatMap(PagesTest::fixedParts))
                .allSatisfy(part -> assertThat(sources).contains(part));
    }

    /** What stands between the gaps, which are written as three dots. */
    private static Stream<String> fixedParts(String message) {
        return Stream.of(message.split("…")).map(String::strip).filter(part -> part.length() > 3);
    }

    @Test
    void titlesAreUnique() {
        List<String> titles = Repository.pages().stream()
                .map(page -> Pattern.compile("^# (.+)")
                        .matcher(Repository.read(page))
                        .results())
                .flatMap(matches -> matches.map(MatchResult::group))
                .map(title -> title.toLowerCase(Locale.ROOT))
                .toList();

        assertThat(titles).doesNotHaveDuplicates().hasSameSizeAs(Repository.pages());
    }
}
