package org.dnallama.training.preflight;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.dnallama.spark.monitor.TrainingPlugin;

/**
 * What a process finds on its machine.
 *
 * @param executor the process, as Spark names it
 * @param name the machine's
 * @param memoryBytes of the machine, or of the container that it is
 * @param heapBytes most that this JVM's heap grows to
 * @param sharedBytes free in {@code /dev/shm}; 0 if there is none
 * @param cache where native libraries are unpacked
 * @param cacheBytes free there, together with what is unpacked already
 * @param gpus addresses of those that are the process's
 * @param network why a process cannot reach itself by the machine's name; empty if it can
 */
record Host(
        String executor,
        String name,
        long memoryBytes,
        long heapBytes,
        long sharedBytes,
        String cache,
        long cacheBytes,
        List<String> gpus,
        String network)
        implements Serializable {

    private static final int CONNECT_MILLIS = 5000;

    /** Looks around, on whichever machine this runs. */
    static Host here(String executor, String name) {
        File cache = cacheFolder();
        return new Host(
                executor,
                name,
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize(),
                Runtime.getRuntime().maxMemory(),
                new File("/dev/shm").getUsableSpace(),
                cache.getPath(),
                cache.getUsableSpace() + size(cache.toPath()),
                TrainingPlugin.gpus(),
                network(name));
    }

    private static File cacheFolder() {
        try {
            return Loader.getCacheDir();
        } catch (IOException e) {
            throw new UncheckedIOException("native libraries have no place to be unpacked to", e);
        }
    }

    private static long size(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ranks listen on ports that the system chooses, at the address of this name. */
    private static String network(String name) {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName(name));
                Socket calling = new Socket()) {
            calling.connect(listening.getLocalSocketAddress(), CONNECT_MILLIS);
            return "";
        } catch (IOException e) {
            return e.toString();
        }
    }
}
