package org.dnallama.compute.nd4j;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.config.ConfigException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/** float32 on ND4J: on the CPU, or on an NVIDIA GPU when the project was built with the Maven profile cuda. */
public final class Nd4jBackend implements Backend, ArrayModelKernels, ArrayOptimizerKernels {

    /** Numbers that are copied to or from the host at once; the host sees at most 2 GiB of a buffer. */
    private static final int TRANSFER = 1 << 26;

    private static final String CUDA_LIBRARIES = "org.nd4j.linalg.jcublas.JCublasBackend";

    /** Loads the CUDA runtime and with it the driver. */
    private static final String CUDA_RUNTIME = "org.bytedeco.cuda.global.cudart";

    private final Device device;
    private final ThreadLocal<Scratch> scratch;

    /** Each thread chooses its GPU before it takes any memory. */
    private Nd4jBackend(Device device, Runnable choose) {
        this.device = device;
        this.scratch = ThreadLocal.withInitial(() -> {
            choose.run();
            return new Scratch();
        });
    }

    /**
     * Opens ND4J's device.
     *
     * @return a backend over the device that ND4J's libraries on the class path are for
     * @throws ConfigException if they cannot be loaded, or find no device
     */
    public static Nd4jBackend open() {
        try {
            if (builtForCuda()) {
                // ND4J would print the stack of this error and go on to a vaguer one.
                Class.forName(CUDA_RUNTIME);
            }
            return open(Nd4j.getEnvironment().isCPU() ? Device.CPU : Device.GPU);
        } catch (LinkageError | ReflectiveOperationException | RuntimeException e) {
            throw new ConfigException(List.of(unavailable(e)));
        }
    }

    /** The same with other sizes of what is taken at once. */
    static Nd4jBackend open(Device device) {
        // Parallelism is over micro-batches, in Java; native threads on top of it would only fight for the cores.
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        Nd4j.factory().blas().setMaxThreads(1);
        return new Nd4jBackend(device, () -> {});
    }

    /**
     * Opens one of several devices.
     *
     * @param gpu its number; empty to leave the choice to ND4J, and of no meaning to libraries for the CPU
     * @return a backend whose threads all compute there
     * @throws ConfigException if ND4J's libraries cannot be loaded, or see no such device
     */
    public static Nd4jBackend open(OptionalInt gpu) {
        Nd4jBackend backend = open();
        return backend.device.equals(Device.CPU) || gpu.isEmpty()
                ? backend
                : backend.on(gpu.getAsInt(), Nd4j.getAffinityManager().getNumberOfDevices());
    }

    /** The same on one of some GPUs. */
    Nd4jBackend on(int gpu, int count) {
        if (gpu >= count) {
            throw new ConfigException(List.of("GPU %d: there is none, ND4J sees %d and counts from 0; %s"
                    .formatted(gpu, count, "let Spark's discovery script list what CUDA_VISIBLE_DEVICES leaves")));
        }
        return new Nd4jBackend(device, () -> Nd4j.getAffinityManager().unsafeSetDevice(gpu));
    }

    /**
     * Opens a GPU, if the build has the libraries and the machine the device.
     *
     * @param gpu the number of one of several; empty to leave the choice to ND4J
     * @return the backend, or empty
     */
    public static Optional<Backend> gpu(OptionalInt gpu) {
        if (!builtForCuda()) {
            return Optional.empty();
        }
        try {
            Nd4jBackend backend = open(gpu);
            return backend.device == Device.GPU ? Optional.of(backend) : Optional.empty();
        } catch (ConfigException e) {
            LoggerFactory.getLogger(Nd4jBackend.class)
                    .warn("This build could use a GPU, but not here. {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean builtForCuda() {
        String resource = CUDA_LIBRARIES.replace('.', '/') + ".class";
        return Nd4jBackend.class.getClassLoader().getResource(resource) != null;
    }

    /** What a user reads when ND4J cannot be opened. */
    static String unavailable(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "compute.backend = nd4j: ND4J finds no device for the libraries of this build (" + cause + "). A build"
                + " with -P cuda needs an NVIDIA GPU of compute capability 3.7 to 8.6, its driver and CUDA 11.6; without"
                + " them set compute.backend = vector, or build without -P cuda";
    }

    @Override
    public Scratch scratch() {
        return scratch.get();
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Buffer allocate(long length) {
        Scratch unused = scratch();
        return Nd4jBuffer.zeros(length);
    }

    /**
     * A vector of ND4J's as a buffer, without a copy.
     *
     * @param array a dense vector of float32; it must outlive the buffer, whose closing does not free it
     * @return a buffer over the same memory
     * @throws IllegalArgumentException if it is no such vector
     */
    public Buffer over(INDArray array) {
        if (array.dataType() != DataType.FLOAT || !array.isVectorOrScalar() || array.elementWiseStride() != 1) {
            throw new IllegalArgumentException("not a dense vector of float32: " + array.shapeInfoToString());
        }
        return Nd4jBuffer.over(array);
    }

    @Override
    public void write(Buffer target, float[] source) {
        Nd4jBuffer.requireLength(target, source.length);
        for (int at = 0; at < source.length; at += TRANSFER) {
            int end = (int) Math.min(source.length, (long) at + TRANSFER);
            try (Scratch.Use use = scratch().use()) {
                float[] part = at == 0 && end == source.length ? source : java.util.Arrays.copyOfRange(source, at, end);
                Nd4jBuffer.vector(target, at, part.length).assign(use.upload(part));
            }
        }
    }

    @Override
    public void read(Buffer source, float[] target) {
        Nd4jBuffer.requireLength(source, target.length);
        for (int at = 0; at < target.length; at += TRANSFER) {
            int count = Math.min(target.length - at, TRANSFER);
            float[] part = Ops.download(Nd4jBuffer.vector(source, at, count));
            System.arraycopy(part, 0, target, at, count);
        }
    }
}
