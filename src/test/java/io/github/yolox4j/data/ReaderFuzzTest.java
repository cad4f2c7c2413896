package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people's files may hold after an accident or on purpose: each mutation is read, or refused
 * in one sentence.
 */
class ReaderFuzzTest {

  /** How many mutations for each reader; {@code -Dyolox4j.test.mutations} for a long run. */
  private static final int MUTATIONS = Integer.getInteger("yolox4j.test.mutations", 300);

  private static final List<String> PIECES =
      List.of(
          "",
          "0",
          "-1",
          "1e308",
          "NaN",
          "null",
          "\u0000",
          "\ud800",
          "[",
          "]",
          "{",
          "}",
          "\"",
          "\n",
          "\t",
          "<",
          ">",
          "&",
          "<!DOCTYPE x>",
          "../",
          "/etc/passwd",
          "~",
          "*a",
          "&a",
          "!!x",
          "99999999999999999999",
          "\ufeff",
          "true",
          ":",
          ",",
          "x".repeat(300),
          "[".repeat(2000));

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(7);

  @BeforeEach
  void picture() {
    byte[] pixels = new byte[12 * 12 * 3];
    try (Picture picture = Picture.ofBgr(MemorySegment.ofArray(pixels), 12, 12, 36)) {
      picture.write(folder.resolve("a.png"));
    }
  }

  /** Replaces, doubles, cuts or inserts somewhere. */
  private byte[] mutated(byte[] sound) {
    byte[] bytes = sound;
    for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(random.nextInt(8), bytes.length - at);
      byte[] piece =
          switch (random.nextInt(4)) {
            case 0 -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> Arrays.copyOfRange(bytes, at, bytes.length);
            default -> new byte[0];
          };
      byte[] next = new byte[bytes.length - length + piece.length];
      System.arraycopy(bytes, 0, next, 0, at);
      System.arraycopy(piece, 0, next, at, piece.length);
      System.arraycopy(bytes, at + length, next, at + piece.length, bytes.length - at - length);
      bytes = next;
    }
    return bytes;
  }

  private void fuzz(String name, String sound, Consumer<Path> reader) throws IOException {
    Path file = folder.resolve(name);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutated(sound.getBytes(StandardCharsets.UTF_8));
      Files.write(file, bytes);
      long began = System.nanoTime();
      try {
        reader.accept(file);
      } catch (YoloxException e) {
        refused++;
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      } catch (RuntimeException | Error e) {
        throw new AssertionError(new String(bytes, StandardCharsets.ISO_8859_1), e);
      }
      assertTrue(
          System.nanoTime() - began < 5e9, () -> new String(bytes, StandardCharsets.ISO_8859_1));
    }
    assertTrue(refused > 0);
  }

  private void open(Path data) {
    Dataset.open(data, "train");
  }

  @Test
  void coco() throws IOException {
    String sound =
        """
        {"images": [{"id": 1, "file_name": "a.png", "width": 12, "height": 12}],
        "categories": [{"id": 1, "name": "x"}], "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0},
        {"id": 2, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 3, 1, 3, 2]]},
        {"id": 3, "image_id": 1, "category_id": 1,
         "segmentation": {"size": [12, 12], "counts": "421"}}]}
        """;
    fuzz("instances_train.json", sound, file -> open(folder));
    // finds what is wrong instead
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutated(sound.getBytes(StandardCharsets.UTF_8));
      Files.write(folder.resolve("instances_train.json"), bytes);
      DatasetCheck.check(folder, List.of("train"), (_, _) -> {});
    }
  }

  @Test
  void voc() throws IOException {
    fuzz(
        "a.xml",
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <annotation><size><width>12</width><height>12</height></size><object><name>x</name>
        <difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax>
        </bndbox></object></annotation>
        """,
        _ -> open(folder));
  }

  @Test
  void yolo() throws IOException {
    Path description = folder.resolve("data.yaml");
    Files.writeString(description, "train: .\nnames: [x, y]\n");
    fuzz("a.txt", "0 .5 .5 .25 .5\n1 .1 .1 .2 .1 .2 .2\n", _ -> open(folder));
    Files.writeString(folder.resolve("a.txt"), "0 .5 .5 .25 .5\n");
    fuzz(
        "data.yaml",
        "path: .\ntrain: [., list.txt]\nval: .\nnc: 2\nnames:\n  0: x\n  1: y\n",
        file -> open(file));
    Files.writeString(description, "train: list.txt\nnames: [x, y]\n");
    fuzz("list.txt", "a.png\n./a.png\n", _ -> open(folder));
  }

  @Test
  void darknet() throws IOException {
    Path list = Files.writeString(folder.resolve("train.txt"), "data/a.png\n");
    Files.writeString(folder.resolve("obj.names"), "x\ny\n");
    Files.writeString(folder.resolve("a.txt"), "0 .5 .5 .25 .5\n");
    String sound = "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\n";
    fuzz("obj.data", sound, _ -> open(folder));
    Files.writeString(folder.resolve("obj.data"), sound);
    fuzz("train.txt", "data/a.png\n", _ -> open(folder));
    Files.writeString(list, "data/a.png\n");
    fuzz("obj.names", "x\n", _ -> open(folder));
  }

  @Test
  void classNames() throws IOException {
    fuzz("names.txt", "person\ncar\n", ClassNames::read);
  }
}
