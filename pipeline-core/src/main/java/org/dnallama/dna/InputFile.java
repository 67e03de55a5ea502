package org.dnallama.dna;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.dnallama.config.Digests;
import org.dnallama.config.InputException;

/**
 * A file that was read once from end to end, for its checksum and, if bgzip made it, for its blocks. Small, so that it
 * can be sent to tasks.
 *
 * @param path where it lies, also its name in messages
 * @param bytes its size
 * @param sha256 checksum of its bytes as they are stored, in lower-case hexadecimal
 * @param format how it is compressed
 * @param blocks where they lie; none unless bgzip made it
 */
public record InputFile(String path, long bytes, String sha256, Format format, BgzipBlocks blocks)
        implements Serializable {

    /** How a file is compressed. */
    public enum Format {
        /** Not at all. */
        PLAIN,
        /** In blocks that can be read apart. */
        BGZIP,
        /** As one stream, which can only be read from its start. */
        GZIP
    }

    /**
     * Reads a file once. Nothing is inflated.
     *
     * @param files where it lies
     * @param path the file
     * @return what was found
     * @throws InputException if it is missing, empty, cut, or cannot be read
     */
    public static InputFile read(GenomeFiles files, String path) {
        try (InputStream in = files.stream(path)) {
            byte[] head = in.readNBytes(BgzipBlock.HEADER);
            if (head.length == 0) {
                throw new InputException(path + ": is empty; fetch the file again");
            }
            if (head.length == BgzipBlock.HEADER && BgzipBlock.startsAt(head, 0)) {
                return new BlockWalk(path, in, head).file();
            }
            boolean gzip = head.length > 1 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
            MessageDigest digest = Digests.sha256();
            digest.update(head);
            long bytes = head.length + digestRest(in, digest);
            return new InputFile(path, bytes, hex(digest), gzip ? Format.GZIP : Format.PLAIN, BgzipBlocks.NONE);
        } catch (FileNotFoundException e) {
            throw new InputException(path + ": no such file; check the path", e);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage() + "; fetch the file again", e);
        }
    }

    /**
     * The length of its text, uncompressed.
     *
     * @return bytes, uncompressed
     */
    public long textLength() {
        return format == Format.BGZIP ? blocks.textLength() : bytes;
    }

    private static long digestRest(InputStream in, MessageDigest digest) throws IOException {
        byte[] chunk = new byte[1 << 16];
        long bytes = 0;
        for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
            digest.update(chunk, 0, n);
            bytes += n;
        }
        return bytes;
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Goes from block to block, by the lengths in their headers. */
    private static final class BlockWalk {

        private final String path;
        private final InputStream in;
        private final MessageDigest digest = Digests.sha256();
        private final byte[] block = new byte[BgzipBlock.MOST];
        private long[] compressed = new long[64];
        private long[] text = new long[64];
        private int count;
        private long fileEnd;
        private long textEnd;

        BlockWalk(String path, InputStream in, byte[] head) {
            this.path = path;
            this.in = in;
            System.arraycopy(head, 0, block, 0, head.length);
        }

        InputFile file() throws IOException {
            boolean endsEmpty = false;
            for (int have = BgzipBlock.HEADER; have > 0; have = in.readNBytes(block, 0, BgzipBlock.HEADER)) {
                if (have < BgzipBlock.HEADER || !BgzipBlock.startsAt(block, 0)) {
                    throw cut("no bgzip block starts there");
                }
                int length = BgzipBlock.length(block, 0);
                if (in.readNBytes(block, have, length - have) < length - have) {
                    throw cut("the block that starts there is not whole");
                }
                digest.update(block, 0, length);
                int textLength = BgzipBlock.textLength(block, 0, length);
                if (textLength < 0 || textLength > BgzipBlock.MOST) {
                    throw cut("the block that starts there says that it holds " + textLength + " bytes");
                }
                endsEmpty = textLength == 0;
                if (!endsEmpty) {
                    add();
                }
                fileEnd += length;
                textEnd += textLength;
            }
            if (!endsEmpty) {
                throw new InputException(path + ": is cut: it has " + fileEnd
                        + " bytes and does not end with bgzip's end-of-file block; fetch or compress it again");
            }
            add();
            return new InputFile(
                    path,
                    fileEnd,
                    hex(digest),
                    Format.BGZIP,
                    new BgzipBlocks(Arrays.copyOf(compressed, count), Arrays.copyOf(text, count)));
        }

        private void add() {
            if (count == text.length) {
                compressed = Arrays.copyOf(compressed, 2 * count);
                text = Arrays.copyOf(text, 2 * count);
            }
            compressed[count] = fileEnd;
            text[count++] = textEnd;
        }

        private InputException cut(String what) {
            return new InputException(
                    path + ": is cut or damaged at byte " + fileEnd + ": " + what + "; fetch or compress it again");
        }
    }
}
