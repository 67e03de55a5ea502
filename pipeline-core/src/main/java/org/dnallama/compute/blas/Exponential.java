package org.dnallama.compute.blas;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** exp of float32 numbers in native memory by oneDNN, on the thread that asks for it. */
public final class Exponential {

    /** oneDNN writes a kernel for each length; this one is short beside what is asked for and long beside a call. */
    private static final int BLOCK = 8192;

    private static final ThreadLocal<Exponential> OF_THREAD = ThreadLocal.withInitial(Exponential::new);

    private final dnnl_stream stream = new dnnl_stream();
    private final dnnl_primitive exp = new dnnl_primitive();
    private final dnnl_memory block = new dnnl_memory();
    private final dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(2);

    private Exponential() {
        dnnl_engine engine = new dnnl_engine();
        dnnl_memory_desc layout = new dnnl_memory_desc();
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        require(dnnl.dnnl_engine_create(engine, dnnl.dnnl_cpu, 0));
        require(dnnl.dnnl_stream_create(stream, engine, dnnl.dnnl_stream_default_flags));
        require(dnnl.dnnl_memory_desc_create_with_tag(layout, 1, new long[] {BLOCK}, dnnl.dnnl_f32, dnnl.dnnl_a));
        require(dnnl.dnnl_eltwise_forward_primitive_desc_create(
                description,
                engine,
                dnnl.dnnl_forward_inference,
                dnnl.dnnl_eltwise_exp,
                layout,
                layout,
                0f,
                0f,
                (dnnl_primitive_attr) null));
        require(dnnl.dnnl_primitive_create(exp, description));
        require(dnnl.dnnl_memory_create(block, layout, engine, (Pointer) null));
        arguments.position(0).arg(dnnl.DNNL_ARG_SRC).memory(block);
        arguments.position(1).arg(dnnl.DNNL_ARG_DST).memory(block);
        arguments.position(0);
    }

    /**
     * x = exp(x), in place, for as many whole blocks of numbers as there are; the same call gives the same bits.
     *
     * @param x in native memory
     * @param count numbers
     * @return how many from the start are done; the few that are left are up to the caller
     * @throws IllegalStateException if oneDNN refuses, as for want of memory
     */
    public static long ofWholeBlocks(FloatPointer x, long count) {
        Sgemm.onThisThreadAlone();
        long done = count / BLOCK * BLOCK;
        for (long from = 0; from < done; from += BLOCK) {
            OF_THREAD.get().of(x.getPointer(from));
        }
        return done;
    }

    private void of(FloatPointer start) {
        require(dnnl.dnnl_memory_set_data_handle(block, start));
        require(dnnl.dnnl_primitive_execute(exp, stream, 2, arguments));
        require(dnnl.dnnl_stream_wait(stream));
    }

    private static void require(int status) {
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses an exponential: status " + status);
        }
    }
}
