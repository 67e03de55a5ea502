package org.dnallama.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second reader of safetensors, written from the format's description alone and sharing no code with the first: a
 * regular expression instead of a JSON parser, raw bytes instead of numbers. It takes only what the description asks of
 * a writer: the header begins with a brace, ends in spaces at a multiple of 8, and the tensors fill the file.
 */
final class MiniReader {

    private static final Pattern TENSOR = Pattern.compile("\"([^\"]+)\":\\{\"dtype\":\"(F32|F16|BF16)\","
            + "\"shape\":\\[([0-9,]*)],\"data_offsets\":\\[([0-9]+),([0-9]+)]}(,|})");
    private static final Pattern METADATA = Pattern.compile("\\{(\"__metadata__\":\\{(\"[^\"]*\":\"[^\"]*\",?)*},?)?");

    private MiniReader() {}

    /** For each name: type, shape and bytes, as in {@code BF16 2x3 00c0...}. */
    static Map<String, String> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = Math.toIntExact(bytes.getLong());
        String header = new String(bytes.array(), 8, headerBytes, StandardCharsets.UTF_8);
        check(headerBytes % 8 == 0, "header is not aligned");
        int data = 8 + headerBytes;
        Matcher start = METADATA.matcher(header);
        check(start.lookingAt(), "header does not begin as it should");
        Matcher tensor = TENSOR.matcher(header).region(start.end(), header.length());
        Map<String, String> tensors = new TreeMap<>();
        int reached = 0;
        boolean last = false;
        while (tensor.lookingAt()) {
            int begin = Integer.parseInt(tensor.group(4));
            int end = Integer.parseInt(tensor.group(5));
            long numbers = 1;
            for (String size : tensor.group(3).split(",")) {
                numbers *= Long.parseLong(size);
            }
            check(begin == reached, "gap or overlap at " + tensor.group(1));
            check(end - begin == numbers * (tensor.group(2).equals("F32") ? 4 : 2), "length of " + tensor.group(1));
            String hex = HexFormat.of().formatHex(bytes.array(), data + begin, data + end);
            tensors.put(tensor.group(1), tensor.group(2) + " " + tensor.group(3).replace(',', 'x') + " " + hex);
            reached = end;
            last = tensor.group(6).equals("}");
            tensor.region(tensor.end(), header.length());
        }
        check(last && header.substring(tensor.regionStart()).isBlank(), "header does not end as it should");
        check(data + reached == bytes.capacity(), "the tensors do not fill the file");
        return tensors;
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalStateException(problem);
        }
    }
}
