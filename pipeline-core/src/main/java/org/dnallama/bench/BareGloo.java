package org.dnallama.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.dnallama.collective.Meeting;

/** Gloo with nothing around it: one tensor, which is summed on the thread that asks for it. */
final class BareGloo implements AutoCloseable {

    private final ProcessGroupGloo group;
    private final Tensor tensor;

    /** Meets the other process by a file that rank 0 names. */
    BareGloo(Meeting meeting, long numbers) {
        String mine = meeting.rank() == 0 ? meetingPoint().toString() : "";
        FileStore store = new FileStore(meeting.exchange().allGather(mine)[0], meeting.worldSize());
        // It belongs to the group from now on.
        store.deallocate(false);
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(
                new Milliseconds(meeting.timeout().toMillis()));
        options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(meeting.host())));
        group = new ProcessGroupGloo(store, meeting.rank(), meeting.worldSize(), options);
        tensor = torch.zeros(numbers);
    }

    private static Path meetingPoint() {
        try {
            Path file = Files.createTempFile("bench-gloo", "");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void allReduce() {
        try (PointerScope scope = new PointerScope();
                Work work = group.allreduce(new TensorVector(tensor))) {
            work._wait();
        }
    }

    @Override
    public void close() {
        group.close();
        tensor.close();
    }
}
