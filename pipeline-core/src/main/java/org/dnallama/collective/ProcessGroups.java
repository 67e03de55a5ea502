package org.dnallama.collective;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.dnallama.compute.Addressable;
import org.dnallama.compute.Buffer;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Threads;
import org.jspecify.annotations.Nullable;

/**
 * Sums over ranks by LibTorch's process groups, on the buffers' own memory.
 *
 * <p>Ranks find each other's addresses in a store, which anyone who reaches its port may read and write. So each then
 * proves that it knows a secret that went another way: by the exchange of the meeting, which Spark authenticates.
 *
 * <p>With 2, 4, 8, ... ranks they first add in pairs of neighbours, then pairs of pairs, and so on: the order of a
 * binary tree, so that a sum over all has the same bits however many of these ranks share the work. With any other
 * number the engine adds in an order of its own.
 */
final class ProcessGroups implements AllReduce {

    private final Collectives engine;
    private final Meeting meeting;
    private final Device device;
    /** Of rank 0. */
    private final @Nullable TCPStore server;

    private final List<Level> levels = new ArrayList<>();
    private final TensorOptions floats;
    private final TensorOptions doubles;

    private boolean closed;

    private ProcessGroups(Collectives engine, Meeting meeting, Device device, @Nullable TCPStore server) {
        this.engine = engine;
        this.meeting = meeting;
        this.device = device;
        this.server = server;
        this.floats = new TensorOptions().device(new DeviceOptional(device));
        this.doubles = new TensorOptions().dtype(new ScalarTypeOptional(torch.ScalarType.Double));
    }

    /** A level of the tree: a group, and who waits for its sums in the order in which they set out. */
    private record Level(Backend group, ExecutorService waiter) {

        Level(Backend group) {
            this(group, Executors.newSingleThreadExecutor(Threads.daemons("all-reduce")));
        }

        void close() {
            waiter.shutdown();
            Threads.awaitEnd(waiter);
            group.close();
        }
    }

    /** Rank 0 opens a store and tells all where; there they find each other's addresses. */
    static ProcessGroups join(Collectives engine, Meeting meeting) {
        // What is lacking here is told before anyone waits for this rank.
        Device device = engine.device(meeting);
        TCPStore server = meeting.rank() == 0
                ? new TCPStore(meeting.host(), options(meeting).isServer(true))
                : null;
        String mine = server == null
                ? ""
                : String.join(
                        " ",
                        meeting.host(),
                        Integer.toString(Short.toUnsignedInt(server.getPort())),
                        random(),
                        random());
        String[] place = meeting.exchange().allGather(mine)[0].split(" ", -1);
        ProcessGroups groups = new ProcessGroups(engine, meeting, device, server);
        try {
            groups.connect(place[0], Integer.parseInt(place[1]), place[2]);
        } catch (RuntimeException e) {
            groups.close();
            throw groups.lost("met no others", e);
        }
        try {
            groups.admit(new Proofs(place[3]));
        } catch (RuntimeException e) {
            groups.close();
            throw e;
        }
        return groups;
    }

    private static TCPStoreOptions options(Meeting meeting) {
        return new TCPStoreOptions()
                .port((short) 0)
                .isServer(false)
                .waitWorkers(false)
                .timeout(new Milliseconds(meeting.timeout().toMillis()));
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void connect(String host, int port, String run) {
        if (Integer.bitCount(worldSize()) != 1) {
            levels.add(new Level(engine.group(keys(host, port, run + "/all"), rank(), worldSize(), meeting)));
            return;
        }
        for (int distance = 1; distance < worldSize(); distance *= 2) {
            int first = rank() & ~distance;
            Store pair = keys(host, port, run + "/" + first + "+" + distance);
            levels.add(new Level(engine.group(pair, rank() == first ? 0 : 1, 2, meeting)));
        }
    }

    /** A part of the store, for this attempt alone. */
    private Store keys(String host, int port, String prefix) {
        TCPStore client = new TCPStore(host, options(meeting).port((short) port));
        Store keys = new PrefixStore(prefix, client);
        // Each belongs to what it was given to from now on; Java's collector must not free it a second time.
        client.deallocate(false);
        keys.deallocate(false);
        return keys;
    }

    /** Hears the proof of every rank. */
    private void admit(Proofs proofs) {
        double[] heard = new double[worldSize()];
        heard[rank()] = proofs.of(rank());
        sum(heard);
        for (int other = 0; other < worldSize(); other++) {
            if (heard[other] != proofs.of(other)) {
                String stranger = "who answers as rank %d does not know the secret of this meeting; keep strangers from"
                        + " the ports of executors";
                throw lost("met a stranger", new SecurityException(stranger.formatted(other)));
            }
        }
    }

    @Override
    public int rank() {
        return meeting.rank();
    }

    @Override
    public int worldSize() {
        return meeting.worldSize();
    }

    @Override
    public boolean reaches(Buffer buffer) {
        return buffer instanceof Addressable memory && memory.memory() == engine.memory();
    }

    @Override
    public Pending begin(Buffer buffer) {
        if (!(buffer instanceof Addressable memory)) {
            throw new IllegalArgumentException("a " + buffer.getClass().getSimpleName() + " has no native memory");
        }
        if (memory.memory() != engine.memory()) {
            throw new ConfigException(List.of(
                    "cluster.collective = %s: sums what lies in memory of a %s, but gradients lie in that of a %s; set it to gloo"
                            .formatted(name(engine), name(engine.memory()), name(memory.memory()))));
        }
        try (Tensor tensor = torch.from_blob(memory.pointer(), new long[] {memory.length()}, floats)) {
            return begin(tensor);
        }
    }

    @Override
    public void sum(double[] values) {
        try (PointerScope scope = new PointerScope()) {
            // A copy, which lives as long as LibTorch uses it, even if nobody waits for it any more.
            Tensor tensor = torch.from_blob(new DoublePointer(values), new long[] {values.length}, doubles)
                    .clone()
                    .to(device, torch.ScalarType.Double);
            begin(tensor).await();
            new DoublePointer(tensor.cpu().data_ptr()).get(values);
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Sets out at once, behind what is on its way already, so that sums do not wait for each other's answers. */
    private synchronized Pending begin(Tensor tensor) {
        if (closed) {
            throw new IllegalStateException("rank %d has left the group".formatted(rank()));
        }
        CompletableFuture<@Nullable Void> sum = new CompletableFuture<>();
        TensorVector tensors = new TensorVector(tensor);
        // The waiters free it, not the scope of who asks for a sum.
        tensors.retainReference();
        send(tensors, 0, sum);
        return pending(sum);
    }

    /** Takes part in a level's sum; whoever waits for it sends it on to the next level. */
    private void send(TensorVector tensors, int number, CompletableFuture<@Nullable Void> sum) {
        if (number == levels.size()) {
            tensors.releaseReference();
            sum.complete(null);
            return;
        }
        try {
            Level level = levels.get(number);
            Work work = level.group.allreduce(tensors);
            work.retainReference();
            level.waiter.execute(() -> {
                try (PointerScope scope = new PointerScope()) {
                    work._wait();
                    send(tensors, number + 1, sum);
                } catch (RuntimeException e) {
                    sum.completeExceptionally(e);
                } finally {
                    work.releaseReference();
                }
            });
        } catch (RuntimeException e) {
            sum.completeExceptionally(e);
        }
    }

    private Pending pending(Future<?> sum) {
        return () -> {
            try {
                sum.get();
            } catch (ExecutionException e) {
                throw lost("waited for a sum", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw lost("was interrupted while it waited for a sum", e);
            }
        };
    }

    private PeerLostException lost(String what, Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new PeerLostException(
                "rank %d of %d %s: %s".formatted(rank(), worldSize(), what, cause.getMessage()), cause);
    }

    /**
     * Closes the connections. A sum that is still on its way is waited for, because LibTorch reads and writes the
     * buffers until it ends, at the latest by its own timeout.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        // From the first on: its waiter sends on to the next.
        levels.forEach(Level::close);
        if (server != null) {
            server.close();
        }
    }
}
