package org.dnallama.collective;

import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.dnallama.compute.Addressable;
import org.dnallama.config.ConfigException;

/** LibTorch's engines for sums over ranks, by name. */
public enum Collectives {
    /** Over TCP between memories of hosts. */
    GLOO {
        @Override
        Backend group(Store store, int rank, int size, Meeting meeting) {
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout(meeting));
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(meeting.host())));
            // Two sums at a time: one adds while the other waits for what its peer sends.
            options.threads(2);
            return new ProcessGroupGloo(store, rank, size, options);
        }

        @Override
        Device device(Meeting meeting) {
            return new Device(torch.DeviceType.CPU);
        }

        @Override
        Addressable.Memory memory() {
            return Addressable.Memory.HOST;
        }
    },
    /** Between memories of GPUs; needs a build with {@code -P torch-gpu}. */
    NCCL {
        @Override
        Backend group(Store store, int rank, int size, Meeting meeting) {
            ProcessGroupNCCL group = new ProcessGroupNCCL(store, rank, size);
            group.setTimeout(timeout(meeting));
            return group;
        }

        private boolean isAvailable() {
            try {
                Loader.load(torch_nccl.class);
                return torch.cuda_is_available();
            } catch (LinkageError | TypeNotPresentException e) {
                return false;
            }
        }

        @Override
        Device device(Meeting meeting) {
            if (!isAvailable()) {
                throw new ConfigException(List.of("cluster.collective = nccl: LibTorch finds no GPU here; build with"
                        + " mvn -P torch-gpu and run on executors with an NVIDIA GPU, or set it to gloo"));
            }
            if (meeting.gpu().isEmpty()) {
                throw new ConfigException(
                        List.of(
                                "cluster.collective = nccl: Spark handed out no GPU; set"
                                        + " spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount = 1, or set it to gloo"));
            }
            return new Device(torch.DeviceType.CUDA, (byte) meeting.gpu().getAsInt());
        }

        @Override
        Addressable.Memory memory() {
            return Addressable.Memory.GPU;
        }
    };

    /**
     * Joins a group; every rank does at the same time.
     *
     * @param meeting what this rank brings along
     * @return the group, to be closed by the caller
     * @throws PeerLostException if the others do not come in time
     * @throws ConfigException if this machine or this build lacks what the engine needs
     */
    public AllReduce join(Meeting meeting) {
        return meeting.worldSize() == 1 ? new SingleRank() : ProcessGroups.join(this, meeting);
    }

    /** One of LibTorch's process groups. */
    abstract Backend group(Store store, int rank, int size, Meeting meeting);

    /**
     * Where a rank's buffers lie that it sums.
     *
     * @throws ConfigException if this machine or this build has no such place
     */
    abstract Device device(Meeting meeting);

    /** Whose memory that is. */
    abstract Addressable.Memory memory();

    private static Milliseconds timeout(Meeting meeting) {
        return new Milliseconds(meeting.timeout().toMillis());
    }
}
