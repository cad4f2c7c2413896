package io.github.yolox4j.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/** The formats of weight files, told apart by how a file begins, whatever its name. */
enum WeightFormat {
  /** The zip format of torch.save. */
  TORCH_ZIP(WeightFormat::isZip, file -> new Checkpoint(file, TorchZip.read(file)).weights()),
  /** The format of torch.save before PyTorch 1.6. */
  TORCH_LEGACY(
      WeightFormat::isTorchLegacy, file -> new Checkpoint(file, TorchLegacy.read(file)).weights()),
  /** An ONNX model, a protobuf message that begins with the version of the format. */
  ONNX(WeightFormat::isOnnx, WeightFormat::readOnnx),
  /** The safetensors format: the length of a JSON object, the object, the tensors. */
  SAFETENSORS(
      head -> head.length > Long.BYTES && head[Long.BYTES] == '{' && !isText(head),
      SafetensorsReader::read);

  private static final int HEAD = 512;

  private final Predicate<byte[]> matches;
  private final Function<MappedFile, Weights> reader;

  WeightFormat(Predicate<byte[]> matches, Function<MappedFile, Weights> reader) {
    this.matches = matches;
    this.reader = reader;
  }

  /** Reads the file; the result owns it. */
  Weights read(MappedFile file) {
    return reader.apply(file);
  }

  /**
   * Finds a file's format.
   *
   * @throws io.github.yolox4j.YoloxException if it is none of these, saying what it seems to be
   */
  static WeightFormat of(MappedFile file) {
    byte[] head = file.bytes().asSlice(0, Math.min(HEAD, file.size())).toArray(JAVA_BYTE);
    for (WeightFormat format : values()) {
      if (format.matches.test(head)) {
        return format;
      }
    }
    throw file.broken(
        "%s; weights are .pth, .safetensors or .onnx files".formatted(description(head)));
  }

  private static String description(byte[] head) {
    if (head.length == 0) {
      return "the file is empty";
    }
    if (isText(head)) {
      String text = new String(head, StandardCharsets.UTF_8).strip();
      String lower = text.toLowerCase(Locale.ROOT);
      if (lower.contains("<html") || lower.contains("<!doctype")) {
        return "the file is a web page, perhaps what a failed download left behind";
      }
      String line = text.lines().findFirst().orElse("");
      return "the file is text that begins with \"%s\""
          .formatted(line.substring(0, Math.min(40, line.length())));
    }
    if (isPickle(head)) {
      return "the file is a Python pickle that torch.save did not write";
    }
    return "the file begins with the bytes "
        + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(head, Math.min(8, head.length)));
  }

  private static boolean isZip(byte[] head) {
    int begin = head.length < Integer.BYTES ? 0 : LittleEndian.wrap(head).getInt();
    return begin == ZipArchive.LOCAL || begin == ZipArchive.END;
  }

  private static boolean isTorchLegacy(byte[] head) {
    // behind the pickle's protocol and, from protocol 4 on, a frame
    int searched = Math.min(head.length, 32);
    return isPickle(head)
        && HexFormat.of().formatHex(head, 0, searched).contains(TorchLegacy.STORED_MAGIC);
  }

  private static boolean isPickle(byte[] head) {
    return head.length > 1 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5;
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return head.length > 0 && head[0] > 0;
  }

  private static boolean isOnnx(byte[] head) {
    if (head.length <= Long.BYTES || head[0] != 0x08 || head[1] <= 0) {
      return false;
    }
    return switch (head[2]) {
      // producer, domain, model version, documentation, graph, opsets or metadata by their tags
      case 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72 ->
          // a safetensors header is too short for the upper half of its length not to be zero
          LittleEndian.wrap(head).getInt(Integer.BYTES) != 0;
      default -> false;
    };
  }

  private static Weights readOnnx(MappedFile file) {
    try {
      return OnnxReader.read(file);
    } catch (NoClassDefFoundError e) {
      throw OnnxArtifact.needed(file.source() + ": to read ONNX files", e);
    }
  }
}
