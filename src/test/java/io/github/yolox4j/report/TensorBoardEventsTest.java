package io.github.yolox4j.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.train.RunFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardEventsTest {

  @TempDir private Path folder;

  /** An event as a reader of the format sees it. */
  private static final class ReadEvent {
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    private double wallTime;
    private long step;
    private String version = "";
    private boolean start;
    private final Map<String, Float> scalars = new LinkedHashMap<>();

    ReadEvent(ByteBuffer message) {
      while (message.hasRemaining()) {
        long tag = varint(message);
        switch ((int) (tag >>> 3)) {
          case 1 -> wallTime = message.getDouble();
          case 2 -> step = varint(message);
          case 3 -> version = text(bytes(message));
          case 5 -> readSummary(bytes(message));
          case 7 -> {
            ByteBuffer log = bytes(message);
            start = varint(log) == 8 && varint(log) == 1;
          }
          default -> throw new AssertionError("field " + (tag >>> 3));
        }
      }
    }

    private void readSummary(ByteBuffer summary) {
      while (summary.hasRemaining()) {
        assertEquals(LENGTH + 8, varint(summary));
        ByteBuffer value = bytes(summary);
        assertEquals(LENGTH + 8, varint(value));
        String name = text(bytes(value));
        assertEquals(FIXED_32 + 16, varint(value));
        scalars.put(name, value.getFloat());
        assertFalse(value.hasRemaining());
      }
    }

    private static long varint(ByteBuffer from) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = from.get();
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    private static ByteBuffer bytes(ByteBuffer from) {
      int length = (int) varint(from);
      ByteBuffer part = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      from.position(from.position() + length);
      return part;
    }

    private static String text(ByteBuffer bytes) {
      return StandardCharsets.UTF_8.decode(bytes).toString();
    }
  }

  /** CRC-32C bit by bit, masked. */
  private static int checksum(ByteBuffer bytes) {
    int crc = -1;
    while (bytes.hasRemaining()) {
      crc ^= bytes.get() & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
      }
    }
    crc = ~crc;
    return Integer.rotateRight(crc, 15) + 0xA282EAD8;
  }

  private static List<ReadEvent> read(Path file) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<ReadEvent> events = new ArrayList<>();
    while (content.hasRemaining()) {
      int at = content.position();
      int length = Math.toIntExact(content.getLong());
      assertEquals(checksum(content.slice(at, Long.BYTES)), content.getInt());
      ByteBuffer data = content.slice(at + 12, length).order(ByteOrder.LITTLE_ENDIAN);
      content.position(at + 12 + length);
      assertEquals(checksum(data.duplicate()), content.getInt());
      events.add(new ReadEvent(data));
    }
    return events;
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size());
      return all.getFirst();
    }
  }

  @Test
  void recordsAreFramedAsTensorFlowDoes() {
    // what TensorFlow's own writer makes of the three bytes "abc"
    assertEquals(
        "0300000000000000b099490e6162636e57f121",
        HexFormat.of()
            .formatHex(
                TensorBoardEvents.framed("abc".getBytes(StandardCharsets.US_ASCII)).array()));
  }

  @Test
  void everyEventIsInTheFileAtOnce() throws IOException {
    double before = System.currentTimeMillis() / 1e3;
    try (TensorBoardEvents events = new TensorBoardEvents(new RunFolder(folder))) {
      Path file = onlyFile();
      assertTrue(
          file.getFileName()
              .toString()
              .matches(
                  "events\\.out\\.tfevents\\.\\d{10,}\\..+\\." + ProcessHandle.current().pid()));
      assertEquals("brain.Event:2", read(file).getFirst().version);
      events.on(TrainingEvents.started(0));
      assertEquals(1, read(file).size(), "a run that begins has nothing to drop");
      events.on(TrainingEvents.stepped(1, 300, 7.5));
      ReadEvent step = read(file).getLast();
      assertEquals(300, step.step);
      assertTrue(step.wallTime >= before && step.wallTime <= System.currentTimeMillis() / 1e3);
      assertEquals(
          List.of(
              "train/total",
              "train/iou",
              "train/obj",
              "train/cls",
              "train/l1",
              "train/lr",
              "train/images_per_s"),
          List.copyOf(step.scalars.keySet()));
      assertEquals(7.5f, step.scalars.get("train/total"));
      assertEquals((float) TrainingEvents.RATE, step.scalars.get("train/lr"));
      events.on(TrainingEvents.stepped(1, 310, Double.NaN));
      assertEquals(Float.NaN, read(file).getLast().scalars.get("train/total"));
      events.on(TrainingEvents.evaluated(1, 310, TrainingEvents.emptyDetections()));
      ReadEvent evaluation = read(file).getLast();
      assertEquals(310, evaluation.step);
      assertFalse(evaluation.scalars.containsKey("val/AP"), "unknown without objects");
      events.on(TrainingEvents.evaluated(2, 320, TrainingEvents.oneFound()));
      ReadEvent found = read(file).getLast();
      assertEquals(1f, found.scalars.get("val/AP"), 1e-6f);
      assertFalse(found.scalars.containsKey("val/APl"), "there is no large object");
    }
  }

  @Test
  void aResumedRunDropsTheStepsThatAreDoneAgain() throws IOException {
    try (TensorBoardEvents events = new TensorBoardEvents(new RunFolder(folder))) {
      events.on(TrainingEvents.started(200));
    }
    ReadEvent start = read(onlyFile()).getLast();
    assertTrue(start.start);
    assertEquals(201, start.step, "steps count from 1: of those before, the last one is 200");
  }

  @Test
  void tellsThatItsFolderIsMissing() {
    YoloxException e =
        assertThrows(
            YoloxException.class,
            () -> new TensorBoardEvents(new RunFolder(folder.resolve("absent"))));
    assertTrue(e.getMessage().contains("its folder does not exist"), e.getMessage());
  }
}
