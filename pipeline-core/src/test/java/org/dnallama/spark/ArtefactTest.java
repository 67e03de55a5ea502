package org.dnallama.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtefactTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path output = Path.of("");

    @BeforeEach
    void chooseOutput() {
        output = folder.resolve("out");
    }

    private Optional<Artefact> open(String identity, JobOptions.Existing existing) {
        return Artefact.open(output.toString(), identity, existing, new Configuration());
    }

    private void finish(String identity, String content) throws Exception {
        Artefact artefact = open(identity, JobOptions.Existing.REPLACE).orElseThrow();
        artefact.write("content", content);
        artefact.publish(JSON.createObjectNode().put("job", "test"));
    }

    @Test
    void appearsWholeOrNotAtAll() throws Exception {
        Artefact artefact = open("a", JobOptions.Existing.REFUSE).orElseThrow();
        artefact.write("content", "x");
        assertThat(output).doesNotExist();
        artefact.publish(JSON.createObjectNode());
        assertThat(output.resolve("content")).hasContent("x");
        assertThat(output.resolve("_SUCCESS")).isEmptyFile();
        assertThat(output.resolve("_fingerprint")).doesNotExist();
        try (var left = Files.list(folder)) {
            assertThat(left).as("nothing but the output").containsExactly(output);
        }
    }

    @Test
    void sameIdentityIsDoneAlready() throws Exception {
        finish("a", "x");
        assertThat(open("a", JobOptions.Existing.REFUSE)).isEmpty();
    }

    @Test
    void otherIdentityIsRefusedUnlessOverwritten() throws Exception {
        finish("a", "x");
        assertThatThrownBy(() -> open("b", JobOptions.Existing.REFUSE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(output.toString())
                .hasMessageContaining("--overwrite");
        finish("b", "y");
        assertThat(output.resolve("content")).hasContent("y");
    }

    /** Once Hadoop's checksum tells, and once the text does. */
    @Test
    void aDamagedManifestIsOfUnknownOrigin() throws Exception {
        finish("a", "x");
        Files.writeString(output.resolve("manifest.json"), "{");
        assertThatThrownBy(() -> open("a", JobOptions.Existing.REFUSE)).isInstanceOf(InputException.class);
        Files.delete(output.resolve(".manifest.json.crc"));
        assertThatThrownBy(() -> open("a", JobOptions.Existing.REFUSE)).isInstanceOf(InputException.class);
        assertThat(open("a", JobOptions.Existing.REPLACE)).isPresent();
    }

    @Test
    void progressOfTheSameIdentityIsKeptAndOfAnotherDropped() throws Exception {
        open("a", JobOptions.Existing.REFUSE).orElseThrow().write("half", "1");
        Artefact again = open("a", JobOptions.Existing.REFUSE).orElseThrow();
        assertThat(again.fileSystem().exists(new org.apache.hadoop.fs.Path(again.folder(), "half")))
                .isTrue();
        Artefact other = open("b", JobOptions.Existing.REFUSE).orElseThrow();
        assertThat(other.fileSystem().exists(new org.apache.hadoop.fs.Path(other.folder(), "half")))
                .isFalse();
    }

    /** A local disk under the scheme of an object store. */
    public static final class Store extends RawLocalFileSystem {

        @Override
        public URI getUri() {
            return URI.create("s3a:///");
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
            throw new UnsupportedOperationException("rename " + from);
        }
    }

    private Optional<Artefact> openInStore(String identity, JobOptions.Existing existing) {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.s3a.impl", Store.class, FileSystem.class);
        return Artefact.open("s3a://" + output, identity, existing, hadoop);
    }

    @Test
    void objectStoresHoldItAtItsPlaceButItCountsFromItsSuccessOn() throws Exception {
        Artefact artefact = openInStore("a", JobOptions.Existing.REFUSE).orElseThrow();
        artefact.write("half", "1");
        assertThat(output.resolve("half")).exists();
        assertThat(Artefact.isUnfinished(output.toString(), new Configuration()))
                .isTrue();
        Artefact again = openInStore("a", JobOptions.Existing.REFUSE).orElseThrow();
        assertThat(output.resolve("half")).as("progress of the same identity").exists();
        again.publish(JSON.createObjectNode());
        assertThat(output.resolve("_SUCCESS")).isEmptyFile();
        assertThat(output.resolve("_fingerprint")).doesNotExist();
        assertThat(Artefact.isUnfinished(output.toString(), new Configuration()))
                .isFalse();
        assertThat(openInStore("a", JobOptions.Existing.REFUSE)).isEmpty();
        assertThatThrownBy(() -> openInStore("b", JobOptions.Existing.REFUSE)).hasMessageContaining("--overwrite");
        assertThat(output.resolve("_SUCCESS")).as("a refused job").exists();
        assertThat(openInStore("b", JobOptions.Existing.REPLACE)).isPresent();
        assertThat(output.resolve("_SUCCESS"))
                .as("the old one, when a new one begins in its place")
                .doesNotExist();
        assertThat(output.resolve("half")).doesNotExist();
    }

    @Test
    void aStoreWhoseLibraryIsMissingIsNamed() {
        assertThatThrownBy(() -> Artefact.open("s3a://bucket/x", "a", JobOptions.Existing.REFUSE, new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "s3a://bucket/x: cannot be written: the library for s3a:// is not on the class path")
                .hasMessageContaining("S3AFileSystem not found")
                .hasMessageContaining("--packages org.apache.hadoop:hadoop-aws");
    }

    /** As HDFS, which refuses to say whether there is something below a file. */
    public static final class Strict extends RawLocalFileSystem {

        @Override
        public URI getUri() {
            return URI.create("strict:///");
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            if (Files.isRegularFile(Path.of(path.getParent().toUri().getPath()))) {
                throw new ParentNotDirectoryException(path + ": its parent is no folder");
            }
            return super.getFileStatus(path);
        }
    }

    @Test
    void plainFilesAreNotLookedBelow() throws Exception {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.strict.impl", Strict.class, FileSystem.class);
        String file = "strict://" + Files.writeString(output.resolveSibling("abc"), "abc");
        assertThat(Artefact.isUnfinished(file, hadoop)).isFalse();
        assertThat(new Provenance("test", hadoop)
                        .input(file, "")
                        .manifest("{}")
                        .at("/inputs/0/sha256")
                        .asText())
                .startsWith("ba7816bf");
    }

    /** The checksum of "abc" is the first example of FIPS 180-2. */
    @Test
    void checksumIsSha256() throws Exception {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        assertThat(Artefact.sha256(file.toString(), new Configuration()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
