package org.dnallama.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The machine and this process on it. */
public final class Machine {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Machine() {}

    /**
     * CPU time that this process has used, over all its threads.
     *
     * @return seconds
     */
    public static double cpuSeconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    /**
     * Processes that wanted a core during the last minute.
     *
     * @return the load average; negative if unknown
     */
    public static double load() {
        return SYSTEM.getSystemLoadAverage();
    }

    /**
     * Cores that Java sees.
     *
     * @return a count
     */
    public static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Java's name and version.
     *
     * @return such as {@code OpenJDK 17.0.12}
     */
    public static String java() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
    }

    /**
     * The processor's name.
     *
     * @return as the operating system tells it, or the architecture
     */
    public static String cpu() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(SYSTEM.getArch());
        } catch (IOException e) {
            return SYSTEM.getArch();
        }
    }

    /**
     * One line on the machine, for the head of a table.
     *
     * @return processor, cores, Java and load
     */
    public static String describe() {
        return String.format(Locale.ROOT, "%s, %d cores, %s, load average %.2f", cpu(), cores(), java(), load());
    }

    /**
     * Memory of this process that lies in RAM now.
     *
     * @return bytes
     * @throws IOException if the system does not tell (it needs Linux's /proc)
     */
    static long residentBytes() throws IOException {
        return statusBytes("VmRSS:");
    }

    /**
     * The most memory of this process that ever lay in RAM.
     *
     * @return bytes
     * @throws IOException if the system does not tell
     */
    static long peakResidentBytes() throws IOException {
        return statusBytes("VmHWM:");
    }

    private static long statusBytes(String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc/self/status has no " + key));
        }
    }
}
