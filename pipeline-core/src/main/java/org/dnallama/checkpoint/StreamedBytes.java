package org.dnallama.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dnallama.config.InputException;

/** Data bytes from a stream that stands right behind the header; tensors that nobody asks for are passed over. */
final class StreamedBytes implements TensorBytes {

    private final InputStream in;
    private final SafetensorsHeader header;
    private final String place;
    private final ByteBuffer bytes =
            ByteBuffer.allocate(Float.BYTES * Safetensors.CHUNK_NUMBERS).order(ByteOrder.LITTLE_ENDIAN);
    private long reached;

    StreamedBytes(InputStream in, SafetensorsHeader header, String place) {
        this.in = in;
        this.header = header;
        this.place = place;
    }

    @Override
    public ByteBuffer at(SafetensorsHeader.Place tensor, long first, int count) throws IOException {
        long begin = tensor.begin() + first;
        while (reached < begin) {
            long skipped = in.skip(begin - reached);
            if (skipped <= 0 && in.read() < 0) {
                throw truncated(tensor);
            }
            reached += Math.max(1, skipped);
        }
        int got = in.readNBytes(bytes.array(), 0, count);
        reached += got;
        if (got < count) {
            throw truncated(tensor);
        }
        return bytes.clear();
    }

    @Override
    public void checkEnd() throws IOException {
        if (reached == header.dataBytes() && in.read() >= 0) {
            throw new InputException("%s: more bytes than the %d data bytes of its header; copy or write the file again"
                    .formatted(place, header.dataBytes()));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private InputException truncated(SafetensorsHeader.Place tensor) {
        return new InputException("%s: truncated in tensor %s: ends at data byte %d of %d; copy or write the file again"
                .formatted(place, tensor.name(), reached, header.dataBytes()));
    }
}
