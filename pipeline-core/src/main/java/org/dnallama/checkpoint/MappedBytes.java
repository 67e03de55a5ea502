package org.dnallama.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Data bytes from memory-mapped segments of a file, one at a time: a Java buffer ends at 2 GiB, a file need not. The
 * file must be as long as its header says.
 */
final class MappedBytes implements TensorBytes {

    /** Bytes that are mapped at once. */
    static final long SEGMENT_BYTES = 1L << 30;

    private final FileChannel file;
    private final SafetensorsHeader header;
    private final long segmentBytes;
    private ByteBuffer segment = ByteBuffer.allocate(0);
    private long segmentBegin;

    MappedBytes(FileChannel file, SafetensorsHeader header, long segmentBytes) {
        this.file = file;
        this.header = header;
        this.segmentBytes = segmentBytes;
    }

    @Override
    public ByteBuffer at(SafetensorsHeader.Place tensor, long first, int count) throws IOException {
        long begin = tensor.begin() + first;
        if (begin < segmentBegin || begin + count > segmentBegin + segment.capacity()) {
            long length = Math.min(Math.max(segmentBytes, count), header.dataBytes() - begin);
            segment = file.map(FileChannel.MapMode.READ_ONLY, header.bytes() + begin, length);
            segmentBegin = begin;
        }
        return segment.slice((int) (begin - segmentBegin), count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The length was compared before anything was mapped. */
    @Override
    public void checkEnd() {}

    @Override
    public void close() throws IOException {
        file.close();
    }
}
