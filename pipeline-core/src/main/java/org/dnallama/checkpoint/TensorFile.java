package org.dnallama.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.dnallama.config.InputException;

/**
 * A safetensors file whose header is read and checked, and whose numbers are read when asked for: memory-mapped if it
 * lies on a local disk, else as a stream.
 *
 * @param storage the folder
 * @param path the file
 * @param header what is in it
 */
record TensorFile(Storage storage, String path, SafetensorsHeader header) {

    /**
     * Reads the header.
     *
     * @throws InputException if it is no safetensors file, or if a local file is shorter or longer than it says
     */
    static TensorFile open(Storage storage, String path) throws IOException {
        String place = storage.describe() + "/" + path;
        try (InputStream in = new BufferedInputStream(storage.open(path))) {
            TensorFile file = new TensorFile(storage, path, SafetensorsHeader.read(in, place));
            file.checkLength();
            return file;
        }
    }

    /** Its name, for messages. */
    String place() {
        return storage.describe() + "/" + path;
    }

    /** Hands over the wanted tensors in the order of the file. */
    void read(Predicate<String> wanted, Safetensors.Sink sink) throws IOException {
        read(wanted, sink, MappedBytes.SEGMENT_BYTES);
    }

    /** The same with another size of the mapped segments. */
    void read(Predicate<String> wanted, Safetensors.Sink sink, long segmentBytes) throws IOException {
        try (TensorBytes bytes = bytes(segmentBytes)) {
            Safetensors.pour(header, bytes, wanted, sink);
            bytes.checkEnd();
        }
    }

    /** The numbers' bytes, to be closed by the caller. */
    TensorBytes bytes(long segmentBytes) throws IOException {
        Optional<Path> local = storage.local(path);
        if (local.isPresent()) {
            return new MappedBytes(FileChannel.open(local.get()), header, segmentBytes);
        }
        InputStream in = new BufferedInputStream(storage.open(path));
        try {
            in.skipNBytes(header.bytes());
        } catch (IOException e) {
            in.close();
            throw e;
        }
        return new StreamedBytes(in, header, place());
    }

    private void checkLength() throws IOException {
        Optional<Path> local = storage.local(path);
        if (local.isEmpty()) {
            return;
        }
        long present = Files.size(local.get()) - header.bytes();
        if (present != header.dataBytes()) {
            throw new InputException("%s: %s: has %d data bytes of the %d that its header tells; copy or write it again"
                    .formatted(
                            place(),
                            present < header.dataBytes() ? "truncated" : "too long",
                            present,
                            header.dataBytes()));
        }
    }
}
