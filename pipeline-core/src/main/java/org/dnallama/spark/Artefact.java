package org.dnallama.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.config.Digests;
import org.dnallama.config.InputException;
import org.dnallama.config.Redaction;

/**
 * An output folder that appears whole or not at all. It is written in a hidden folder beside its final place and
 * renamed when complete; {@code manifest.json} tells from which inputs and settings it was made, and an empty
 * {@code _SUCCESS} is written last. The folder in progress is kept over crashes, so that a job can go on with what is
 * there.
 *
 * <p>Object stores have no folders: to rename one copies each of its files, one after the other. There the folder is
 * written at its final place, where each file appears whole when it is closed, and {@code _SUCCESS} alone makes it
 * count: whoever reads an artefact asks for that first.
 */
public final class Artefact {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    /** Schemes of stores where a rename is a copy. */
    private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs");

    private static final String MARK = "_fingerprint";
    private static final String SUCCESS = "_SUCCESS";

    private final FileSystem fileSystem;
    private final Path target;
    private final Path staging;
    private final String fingerprint;

    private Artefact(FileSystem fileSystem, Path target, String fingerprint) {
        this.fileSystem = fileSystem;
        this.target = target;
        this.staging = writesInPlace(fileSystem)
                ? target
                : new Path(target.getParent(), "." + target.getName() + ".incomplete");
        this.fingerprint = fingerprint;
    }

    /**
     * Tells whether files are written under their final names at once, because to rename them is to copy them.
     *
     * @param fileSystem where an artefact lies
     * @return true for an object store
     */
    public static boolean writesInPlace(FileSystem fileSystem) {
        return OBJECT_STORES.contains(fileSystem.getUri().getScheme());
    }

    /**
     * Tells whether a folder was begun by a job and not finished.
     *
     * @param folder its path
     * @param hadoop file system settings
     * @return true if it must not be read yet; false for a file
     * @throws IOException if the file system cannot tell
     */
    public static boolean isUnfinished(String folder, Configuration hadoop) throws IOException {
        Path place = new Path(folder);
        FileSystem fileSystem = FileSystems.of(place, hadoop);
        // HDFS refuses to look below a file.
        return !fileSystem.getFileStatus(place).isFile() && isUnfinished(fileSystem, place);
    }

    private static boolean isUnfinished(FileSystem fileSystem, Path folder) throws IOException {
        return fileSystem.exists(new Path(folder, MARK)) && !fileSystem.exists(new Path(folder, SUCCESS));
    }

    /**
     * Opens an output folder for writing, or finds that it is already there.
     *
     * @param output its final place
     * @param identity all that the result depends on (job, inputs with checksums, settings), as one text
     * @param existing what to do with a folder that was made from another identity
     * @param hadoop file system settings
     * @return the folder to write, or empty when it is finished already with the same identity
     * @throws InputException if the place is taken and may not be replaced
     */
    public static Optional<Artefact> open(
            String output, String identity, JobOptions.Existing existing, Configuration hadoop) {
        try {
            Artefact artefact = at(output, identity, hadoop);
            if (artefact.fileSystem.exists(artefact.target) && !isUnfinished(artefact.fileSystem, artefact.target)) {
                if (artefact.fingerprint.equals(fingerprintOf(artefact.fileSystem, artefact.target))) {
                    return Optional.empty();
                }
                if (existing == JobOptions.Existing.REFUSE) {
                    throw new InputException(output
                            + ": is there already, made from other inputs or settings; give --overwrite to replace it,"
                            + " or another output");
                }
            }
            artefact.keepOnlyOwnProgress();
            return Optional.of(artefact);
        } catch (IOException e) {
            throw new InputException(output + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * The folder in progress of an output, whatever it was begun from.
     *
     * @param output the final place
     * @param hadoop file system settings
     * @return the folder; empty when nothing was begun, or all is finished
     * @throws IOException if the file system cannot tell
     */
    public static Optional<Path> inProgress(String output, Configuration hadoop) throws IOException {
        Artefact begun = at(output, "", hadoop);
        return isUnfinished(begun.fileSystem, begun.staging) ? Optional.of(begun.staging) : Optional.empty();
    }

    /**
     * Makes the folder in progress one of another identity, so that {@link #open} keeps what is in it.
     *
     * @param output the final place
     * @param identity as in {@link #open}
     * @param hadoop file system settings
     * @throws IOException if it cannot be written
     */
    public static void adopt(String output, String identity, Configuration hadoop) throws IOException {
        Artefact adopted = at(output, identity, hadoop);
        adopted.write(MARK, adopted.fingerprint);
    }

    private static Artefact at(String output, String identity, Configuration hadoop) throws IOException {
        Path target = new Path(output);
        FileSystem fileSystem = FileSystems.of(target, hadoop);
        String fingerprint = sha256(identity.getBytes(StandardCharsets.UTF_8));
        return new Artefact(fileSystem, fileSystem.makeQualified(target), fingerprint);
    }

    private void keepOnlyOwnProgress() throws IOException {
        Path mark = new Path(staging, MARK);
        if (fileSystem.exists(staging)) {
            if (fileSystem.exists(mark) && fingerprint.equals(readText(fileSystem, mark))) {
                return;
            }
            delete(staging);
        }
        fileSystem.mkdirs(staging);
        write(MARK, fingerprint);
    }

    /**
     * Throws the folder in progress away; to be called when nothing in it is worth going on with.
     *
     * @throws IOException if it cannot be deleted
     */
    public void discard() throws IOException {
        delete(staging);
    }

    // What is half deleted must not count as whole.
    private void delete(Path folder) throws IOException {
        fileSystem.delete(new Path(folder, SUCCESS), false);
        fileSystem.delete(folder, true);
    }

    /**
     * Where to write.
     *
     * @return the folder in progress
     */
    public Path folder() {
        return staging;
    }

    /**
     * The file system that holds it.
     *
     * @return the file system
     */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /**
     * Writes a small text file.
     *
     * @param name file name inside the folder
     * @param text its content
     * @throws IOException if it cannot be written
     */
    public void write(String name, String text) throws IOException {
        try (OutputStream out = fileSystem.create(new Path(staging, name), true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Completes the folder and moves it to its final place, if it is not there already.
     *
     * @param manifest what the job has to tell of inputs and results; the fingerprint is added, and secrets are masked
     * @throws IOException if it cannot be moved
     */
    public void publish(ObjectNode manifest) throws IOException {
        manifest.put("fingerprint", fingerprint);
        write("manifest.json", JSON.writeValueAsString(Redaction.of(manifest)) + "\n");
        write(SUCCESS, "");
        fileSystem.delete(new Path(staging, MARK), false);
        if (staging.equals(target)) {
            return;
        }
        if (fileSystem.exists(target)) {
            delete(target);
        }
        if (!fileSystem.rename(staging, target)) {
            throw new IOException("cannot rename " + staging + " to " + target);
        }
    }

    /**
     * Checksum of a file on any Hadoop file system, for manifests.
     *
     * @param file the file
     * @param hadoop file system settings
     * @return SHA-256, in lower-case hexadecimal
     * @throws InputException if it cannot be read
     */
    public static String sha256(String file, Configuration hadoop) {
        Path path = new Path(file);
        try (InputStream in = FileSystems.of(path, hadoop).open(path)) {
            MessageDigest digest = Digests.sha256();
            byte[] chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String fingerprintOf(FileSystem fileSystem, Path folder) throws IOException {
        Path manifest = new Path(folder, "manifest.json");
        if (!fileSystem.exists(manifest) || !fileSystem.exists(new Path(folder, SUCCESS))) {
            return "";
        }
        try {
            return JSON.readTree(readText(fileSystem, manifest))
                    .path("fingerprint")
                    .asText();
        } catch (JsonProcessingException | ChecksumException e) {
            // Damaged, so of unknown origin: it is refused or replaced, and never taken for finished.
            return "";
        }
    }

    private static String readText(FileSystem fileSystem, Path file) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Digests.sha256().digest(bytes));
    }
}
