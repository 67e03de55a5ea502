package org.dnallama.collective;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where this process waits for connections, as Linux tells it. */
final class ListeningSockets {

    private static final String LISTEN = "0A";

    private ListeningSockets() {}

    static List<String> addresses() throws IOException {
        Set<String> own = openFiles();
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] words = line.strip().split("\\s+");
                if (words[3].equals(LISTEN) && own.contains("socket:[" + words[9] + "]")) {
                    addresses.add(address(words[1].substring(0, words[1].indexOf(':'))));
                }
            }
        }
        return addresses;
    }

    private static Set<String> openFiles() throws IOException {
        Set<String> open = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                try {
                    open.add(Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException e) {
                    // Another thread has closed it since.
                    continue;
                }
            }
        }
        return open;
    }

    /** From words of 32 bits in the machine's order of bytes. */
    private static String address(String words) throws IOException {
        byte[] given = HexFormat.of().parseHex(words);
        byte[] address = new byte[given.length];
        for (int i = 0; i < given.length; i++) {
            address[i] = given[i - i % 4 + 3 - i % 4];
        }
        return InetAddress.getByAddress(address).getHostAddress();
    }
}
