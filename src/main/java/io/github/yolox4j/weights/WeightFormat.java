package io.github.yolox4j.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** The formats of weight files, told apart by how a file begins, whatever its name. */
enum WeightFormat {
  /** The zip format of torch.save. */
  TORCH_ZIP {
    @Override
    boolean matches(byte[] head) {
      return startsWith(head, 'P', 'K', 3, 4) || startsWith(head, 'P', 'K', 5, 6);
    }

    @Override
    Weights read(MappedFile file) {
      return StateDict.weights(file, TorchZip.read(file));
    }
  },
  /** The format of torch.save before PyTorch 1.6. */
  TORCH_LEGACY {
    @Override
    boolean matches(byte[] head) {
      byte[] magic = TorchLegacy.MAGIC.toByteArray();
      byte[] stored = new byte[magic.length];
      for (int i = 0; i < magic.length; i++) {
        stored[i] = magic[magic.length - 1 - i];
      }
      // behind the pickle's protocol and, from protocol 4 on, a frame
      int searched = Math.min(head.length, 32);
      return isPickle(head)
          && new String(head, 0, searched, StandardCharsets.ISO_8859_1)
              .contains(new String(stored, StandardCharsets.ISO_8859_1));
    }

    @Override
    Weights read(MappedFile file) {
      return StateDict.weights(file, TorchLegacy.read(file));
    }
  },
  /** An ONNX model, a protobuf message that begins with the version of the format. */
  ONNX {
    @Override
    boolean matches(byte[] head) {
      // a version of one byte, then one of the message's other fields by its tag
      return head.length > Long.BYTES
          && head[0] == 0x08
          && head[1] > 0
          && isOnnxField(head[2])
          && !isSafetensorsLength(head);
    }

    @Override
    Weights read(MappedFile file) {
      try {
        return OnnxReader.read(file);
      } catch (NoClassDefFoundError e) {
        throw OnnxArtifact.needed(file.source() + ": to read ONNX files", e);
      }
    }
  },
  /** The safetensors format: the length of a JSON object, the object, the tensors. */
  SAFETENSORS {
    @Override
    boolean matches(byte[] head) {
      return head.length > Long.BYTES && head[Long.BYTES] == '{' && !isText(head);
    }

    @Override
    Weights read(MappedFile file) {
      return SafetensorsReader.read(file);
    }
  };

  private static final int HEAD = 512;

  /** Tells whether a file that begins with these bytes, at most 512, is of this format. */
  abstract boolean matches(byte[] head);

  /** Reads the file; the result owns it. */
  abstract Weights read(MappedFile file);

  /**
   * Finds a file's format.
   *
   * @throws io.github.yolox4j.YoloxException if it is none of these, saying what it seems to be
   */
  static WeightFormat of(MappedFile file) {
    byte[] head = file.bytes().asSlice(0, Math.min(HEAD, file.size())).toArray(JAVA_BYTE);
    for (WeightFormat format : values()) {
      if (format.matches(head)) {
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

  /** Tells a tag: producer, domain, model version, documentation, graph, opsets or metadata. */
  private static boolean isOnnxField(byte tag) {
    return switch (tag) {
      case 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72 -> true;
      default -> false;
    };
  }

  /** A safetensors header is too short for the upper half of its length not to be zero. */
  private static boolean isSafetensorsLength(byte[] head) {
    return head[4] == 0 && head[5] == 0 && head[6] == 0 && head[7] == 0;
  }

  private static boolean startsWith(byte[] head, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= head.length || head[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
