package org.dnallama.training.preflight;

import java.util.List;
import java.util.Locale;

/** Whether the machines of executors give a rank what it needs besides memory. */
final class Machines {

    private static final double GIBIBYTE = 0x1p30;

    /** OpenBLAS, LibTorch and ND4J take 850 MB when they are unpacked. */
    private static final long NATIVE_LIBRARIES = 1L << 30;

    /**
     * Enough for the buffers through which GPUs of one machine exchange gradients.
     *
     * @see <a href="https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html">NCCL</a>
     */
    private static final long SHARED_MEMORY = 1L << 30;

    private Machines() {}

    /** Looks for room for native libraries. */
    static void libraries(List<Host> executors, Findings findings) {
        for (Host host : executors) {
            if (host.cacheBytes() < NATIVE_LIBRARIES) {
                findings.setting(String.format(
                        Locale.ROOT,
                        "%s on %s: has room for %.2f GiB, native libraries take up to 1 GiB; %s",
                        host.cache(),
                        host.name(),
                        host.cacheBytes() / GIBIBYTE,
                        "make room there, or name a folder elsewhere with -Dorg.bytedeco.javacpp.cachedir"));
            }
        }
    }

    /** Looks whether ranks can be reached. */
    static void network(List<Host> executors, Findings findings) {
        for (Host host : executors) {
            if (!host.network().isEmpty()) {
                findings.setting("%s: nobody can connect to a port there by this name (%s); %s"
                        .formatted(
                                host.name(),
                                host.network(),
                                "correct DNS or /etc/hosts, or set SPARK_LOCAL_HOSTNAME on that machine"));
            }
        }
    }

    /**
     * Looks whether executors have the GPUs that were asked for. Where a cluster manager does not isolate them, each
     * executor finds all of its machine, and several would compute on the first.
     */
    static void gpus(List<Host> executors, int asked, Findings findings) {
        for (Host host : executors) {
            if (host.gpus().size() != asked) {
                findings.setting("%s = %d: executor %s on %s has %d (%s); %s"
                        .formatted(
                                ClusterSettings.EXECUTOR_GPUS,
                                asked,
                                host.executor(),
                                host.name(),
                                host.gpus().size(),
                                String.join(", ", host.gpus()),
                                "let the discovery script print those of the executor alone, or set it to "
                                        + host.gpus().size()));
            }
        }
    }

    /** Looks for what GPUs of one machine share. */
    static void sharedMemory(List<Host> executors, Findings findings) {
        for (Host host : executors) {
            if (host.sharedBytes() < SHARED_MEMORY) {
                findings.setting(String.format(
                        Locale.ROOT,
                        "/dev/shm on %s: has %.2f GiB free, NCCL needs 1 GiB; %s",
                        host.name(),
                        host.sharedBytes() / GIBIBYTE,
                        "give containers more, such as docker run --shm-size=1g"));
            }
        }
    }
}
