package org.dnallama.tensorboard;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes an event file: records in TensorFlow's framing, each a protobuf message {@code Event}. Only what scalars need
 * of it; no library on Maven Central writes these files without bringing TensorFlow along.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/event.proto">event.proto</a>
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/summary.proto">
 *     summary.proto</a>
 */
public final class EventWriter {

    private static final String VERSION = "brain.Event:2";

    private final RecordWriter records;

    /**
     * Begins a file.
     *
     * @param out where to; closed by the caller
     * @param wallTimeSeconds when the run began, since 1970 UTC
     * @throws IOException if it cannot be written
     */
    public EventWriter(OutputStream out, double wallTimeSeconds) throws IOException {
        records = new RecordWriter(out);
        records.write(new Message().real64(1, wallTimeSeconds).text(3, VERSION).bytes());
    }

    /**
     * Adds an event.
     *
     * @param event whose scalars are rounded to float32, as the format wants it
     * @throws IOException if it cannot be written
     */
    public void write(ScalarEvent event) throws IOException {
        Message summary = new Message();
        event.scalars()
                .forEach((tag, value) ->
                        summary.message(1, new Message().text(1, tag).real32(2, value.floatValue())));
        records.write(new Message()
                .real64(1, event.wallTimeSeconds())
                .integer(2, event.step())
                .message(5, summary)
                .bytes());
    }
}
