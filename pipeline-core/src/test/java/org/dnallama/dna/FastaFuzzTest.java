package org.dnallama.dna;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged files and indexes: what is read is all that is there, or the input is refused; nothing else happens. */
@Timeout(120) // A case that hangs fails; all together take seconds.
class FastaFuzzTest {

    private static final int CASES = 2000;
    private static final byte[] TEXT = text();

    private static byte[] text() {
        StringBuilder text = new StringBuilder();
        RandomGenerator random = new Seeds(1).stream("text");
        for (int contig = 0; contig < 4; contig++) {
            text.append(">c").append(contig).append(contig == 2 ? " described\n" : "\n");
            int bases = 1 + random.nextInt(120);
            for (int i = 0; i < bases; i++) {
                text.append("ACGTacgtRN".charAt(random.nextInt(10))).append(i % 17 == 16 || i == bases - 1 ? "\n" : "");
            }
        }
        return text.toString().getBytes(US_ASCII);
    }

    private static byte[] mutate(byte[] bytes, RandomGenerator random) {
        byte[] mutant = bytes.clone();
        int place = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(8), bytes.length - place);
        switch (random.nextInt(6)) {
            case 0 -> mutant[place] = (byte) random.nextInt(256);
            case 1 -> mutant[place] ^= (byte) (1 << random.nextInt(8));
            case 2 -> mutant[place] = (byte) "\n\r >\t0123456789-ACGTN".charAt(random.nextInt(20));
            case 3 -> mutant = Arrays.copyOf(bytes, place);
            case 4 -> {
                mutant = Arrays.copyOf(bytes, bytes.length - length);
                System.arraycopy(bytes, place + length, mutant, place, bytes.length - place - length);
            }
            default -> {
                mutant = Arrays.copyOf(bytes, bytes.length + length);
                System.arraycopy(bytes, place, mutant, place + length, bytes.length - place);
            }
        }
        return random.nextInt(3) == 0 && mutant.length > 0 ? mutate(mutant, random) : mutant;
    }

    /** What the files hold, or nothing if they are refused; any other end fails the test. */
    private static Optional<Map<String, String>> read(MemoryFiles files, String path, int number) {
        try {
            return Optional.of(NaiveFasta.read(files, FastaSource.open(files, path), 13));
        } catch (InputException e) {
            assertThat(e).hasMessageContaining(path.substring(0, 4));
            return Optional.empty();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return fail("case " + number, e);
        }
    }

    private interface Case {
        /** Makes the files of a case; returns the text that they should give. */
        byte[] make(MemoryFiles files, RandomGenerator random) throws IOException;
    }

    private static void assertNothingIsLost(String purpose, String path, Case maker) throws IOException {
        int refused = 0;
        for (int number = 0; number < CASES; number++) {
            MemoryFiles files = new MemoryFiles();
            byte[] text = maker.make(files, new Seeds(7).stream(purpose, number));
            Optional<Map<String, String>> found = read(files, path, number);
            refused += found.isEmpty() ? 1 : 0;
            if (found.isPresent()) {
                assertThat(found.get()).as("%s, case %d", purpose, number).isEqualTo(NaiveFasta.parse(text));
            }
        }
        // Some damage is no damage, and some is: a test that only ever saw one of them would say nothing.
        assertThat(refused).as(purpose).isBetween(CASES / 50, CASES - 10);
    }

    @Test
    void damagedSequence() throws IOException {
        assertNothingIsLost("fasta", "x.fa", (files, random) -> {
            byte[] mutant = mutate(TEXT, random);
            files.put("x.fa", mutant);
            return mutant;
        });
    }

    @Test
    void damagedSequenceUnderAnIndexThatWasRight() throws IOException {
        MemoryFiles whole = new MemoryFiles().put("x.fa", TEXT);
        FastaSource.open(whole, "x.fa");
        byte[] index = whole.readAll("x.fa.fai");
        assertNothingIsLost("stale", "x.fa", (files, random) -> {
            byte[] mutant = mutate(TEXT, random);
            files.put("x.fa", mutant).put("x.fa.fai", index);
            return mutant;
        });
    }

    @Test
    void damagedIndex() throws IOException {
        MemoryFiles whole = new MemoryFiles().put("x.fa", TEXT);
        FastaSource.open(whole, "x.fa");
        byte[] index = whole.readAll("x.fa.fai");
        assertThat(new String(index, ISO_8859_1).lines()).hasSize(4);
        assertNothingIsLost("fai", "x.fa", (files, random) -> {
            files.put("x.fa", TEXT).put("x.fa.fai", mutate(index, random));
            return TEXT;
        });
    }

    @Test
    void damagedBlocks() throws IOException {
        byte[] blocks = FastaRulesTest.bgzip(TEXT);
        assertNothingIsLost("bgzip", "x.fa.gz", (files, random) -> {
            byte[] mutant = mutate(blocks, random);
            files.put("x.fa.gz", mutant);
            return text(mutant);
        });
    }

    // As a tool that knows nothing of blocks inflates it. What it cannot read may be damaged where no text is, as in
    // the
    // block that marks the end; text that cannot be read is never equal to this one.
    private static byte[] text(byte[] bgzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bgzip))) {
            return in.readAllBytes();
        } catch (IOException e) {
            return TEXT;
        }
    }

    @Test
    void damagedBlockIndex() throws IOException {
        byte[] blocks = FastaRulesTest.bgzip(TEXT);
        MemoryFiles whole = new MemoryFiles().put("x.fa.gz", blocks);
        FastaSource.open(whole, "x.fa.gz");
        byte[] index = whole.readAll("x.fa.gz.gzi");
        // A block index is right in every byte or refused, so nearly all cases are: they are told apart by hand.
        int refused = 0;
        for (int number = 0; number < CASES; number++) {
            byte[] mutant = mutate(index, new Seeds(7).stream("gzi", number));
            MemoryFiles files = new MemoryFiles().put("x.fa.gz", blocks).put("x.fa.gz.gzi", mutant);
            Optional<Map<String, String>> found = read(files, "x.fa.gz", number);
            refused += found.isEmpty() ? 1 : 0;
            assertThat(found.isEmpty() || found.get().equals(NaiveFasta.parse(TEXT)))
                    .as("gzi, case %d", number)
                    .isTrue();
        }
        assertThat(refused).isGreaterThan(CASES / 2);
    }
}
