package io.github.yolox4j.report;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * Writes losses, learning rate, speed and accuracy for TensorBoard, into a new event file in the
 * run's folder. Each event is handed to the operating system at once, so that a process that is
 * killed loses none. After a resumption TensorBoard drops what the interrupted process wrote about
 * later steps. For use by one thread.
 */
public final class TensorBoardEvents implements TrainingListener, AutoCloseable {

  private static final String VERSION = "brain.Event:2";

  private static final double MILLISECONDS = 1e3;

  /** The fields of the message Event. */
  private static final int WALL_TIME = 1;

  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  /** The field of the message Summary. */
  private static final int VALUE = 1;

  /** The fields of the message Summary.Value. */
  private static final int TAG = 1;

  private static final int SIMPLE_VALUE = 2;

  /** The field of the message SessionLog, and its value for a start. */
  private static final int STATUS = 1;

  private static final long START = 1;

  /** Keeps the checksum of data that hold checksums themselves from being a constant. */
  private static final int MASK = 0xA282EAD8;

  private static final int ROTATION = 15;

  private final Clock clock = Clock.systemUTC();
  private final Path file;
  private final FileChannel channel;

  /**
   * Begins a file.
   *
   * @param run the run, whose folder exists
   * @throws YoloxException if the file cannot be written
   */
  public TensorBoardEvents(RunFolder run) {
    Instant now = clock.instant();
    file =
        run.folder()
            .resolve(
                "events.out.tfevents.%d.%s.%d"
                    .formatted(now.getEpochSecond(), host(), ProcessHandle.current().pid()));
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed(e);
    }
    write(event().put(FILE_VERSION, VERSION));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }

  /**
   * Writes what an event tells in numbers.
   *
   * @throws YoloxException if the file cannot be written
   */
  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started started when started.iteration() > 0 ->
          write(
              event(started.iteration() + 1)
                  .put(SESSION_LOG, new ProtobufMessage().put(STATUS, START)));
      case TrainingEvent.Stepped stepped ->
          write(event(stepped.step()).put(SUMMARY, summary(stepped)));
      case TrainingEvent.Evaluated evaluated ->
          write(event(evaluated.step()).put(SUMMARY, summary(evaluated)));
      case TrainingEvent.Started _,
          TrainingEvent.FirstBatch _,
          TrainingEvent.Saved _,
          TrainingEvent.Noticed _,
          TrainingEvent.Finished _ -> {}
    }
  }

  private static ProtobufMessage summary(TrainingEvent.Stepped stepped) {
    LossValues losses = stepped.losses();
    ProtobufMessage summary = new ProtobufMessage();
    add(summary, "train/total", losses.total());
    add(summary, "train/iou", losses.box());
    add(summary, "train/obj", losses.objectness());
    add(summary, "train/cls", losses.classes());
    add(summary, "train/l1", losses.l1());
    add(summary, "train/lr", stepped.rate());
    add(summary, "train/images_per_s", stepped.imagesPerSecond());
    return summary;
  }

  private static ProtobufMessage summary(TrainingEvent.Evaluated evaluated) {
    ProtobufMessage summary = new ProtobufMessage();
    double[] numbers = evaluated.metrics().toArray();
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] >= 0) {
        add(summary, "val/" + CocoMetrics.NAMES.get(i), numbers[i]);
      }
    }
    return summary;
  }

  private static void add(ProtobufMessage summary, String tag, double value) {
    summary.put(VALUE, new ProtobufMessage().put(TAG, tag).put(SIMPLE_VALUE, (float) value));
  }

  private ProtobufMessage event() {
    return new ProtobufMessage().put(WALL_TIME, clock.millis() / MILLISECONDS);
  }

  private ProtobufMessage event(long step) {
    return event().put(STEP, step);
  }

  private void write(ProtobufMessage event) {
    ByteBuffer record = framed(event.toBytes());
    try {
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A TFRecord, ready to be written: length, its checksum, the data, their checksum. */
  static ByteBuffer framed(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(checksum(record.array(), Long.BYTES));
    record.put(data).putInt(checksum(data, data.length));
    return record.flip();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), ROTATION) + MASK;
  }

  private YoloxException failed(IOException e) {
    return new YoloxException("%s cannot be written: %s".formatted(file, FileFailure.reason(e)), e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
