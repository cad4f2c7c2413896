package io.github.yolox4j.dist;

/** What c10d says when work with other ranks fails. */
final class Collective {

  private Collective() {}

  /** Whether an exception came from the exchange and not from a rank's own computation. */
  static boolean failed(RuntimeException thrown) {
    String message = String.valueOf(thrown.getMessage());
    return message.contains("/gloo/")
        || message.contains("NCCL")
        || message.contains("ProcessGroup")
        || message.contains("c10d");
  }

  /** The first line of libtorch's message, without the place in its sources. */
  static String reason(RuntimeException thrown) {
    String line = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    int place = line.startsWith("[") ? line.indexOf("] ") : -1;
    return place < 0 ? line : line.substring(place + 2);
  }
}
