package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads one file over HTTP. It grows as {@code TARGET.part}, is checked when it is whole, and
 * only then moved to its name. A transfer that broke goes on where it stopped, in this call or in a
 * later one, provided that the server still has the same file; what it was is kept in {@code
 * TARGET.part.etag}. Safe for use by many threads on different targets.
 */
public final class Download {

  /** Hears of the progress of a download. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called on the downloading thread whenever bytes have come.
     *
     * @param done how many bytes there are, those of an earlier transfer included
     * @param total how many there will be; -1 when the server does not say
     */
    void update(long done, long total);
  }

  /**
   * What may be waited for, and how often to try.
   *
   * @param connect longest wait for a connection
   * @param stall longest wait for the answer, and for more of it
   * @param attempts how often in all
   * @param pause wait before the second attempt; before each further one that much more
   */
  record Patience(Duration connect, Duration stall, int attempts, Duration pause) {}

  private static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(20), Duration.ofSeconds(30), 5, Duration.ofSeconds(1));

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18})");
  private static final int UNSATISFIABLE = 416;
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int MAX_REDIRECTS = 5;
  private static final int MOST_PORT = 0xFFFF;
  private static final int BUFFER_BYTES = 1 << 16;

  /** Less than so much in the longest wait counts as nothing. */
  private static final long LEAST_BYTES = 1 << 13;

  private final Patience patience;

  /** Creates a download with time-outs that suit a slow line. */
  public Download() {
    this(DEFAULT);
  }

  Download(Patience patience) {
    this.patience = patience;
  }

  /**
   * Downloads a file.
   *
   * @param source an http or https address; redirects are followed, but not from https to http
   * @param target the file to make or replace; its folder is made if it is missing
   * @param mostBytes how large the file may be
   * @param check is given the finished file before it gets its name; what it throws ends the
   *     download, and the file is deleted
   * @param progress hears of the progress
   * @throws YoloxException if the file cannot be downloaded; what has come is kept for a later call
   */
  public void fetch(
      URI source, Path target, long mostBytes, Consumer<Path> check, Progress progress) {
    requireAddress(source, source);
    try {
      PartFile part = filled(source, target, mostBytes, progress);
      try {
        check.accept(part.path());
      } catch (RuntimeException e) {
        part.delete();
        throw e;
      }
      part.finish();
    } catch (InterruptedException | ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw new YoloxException("the download of %s was interrupted".formatted(source), e);
    } catch (IOException e) {
      throw new YoloxException(
          "cannot download %s to %s: %s".formatted(source, target, reason(e)), e);
    }
  }

  /** The whole file under its temporary name, not yet checked and already closed. */
  private PartFile filled(URI source, Path target, long mostBytes, Progress progress)
      throws IOException, InterruptedException {
    try (PartFile part = new PartFile(target)) {
      try {
        retry(source, part, mostBytes, progress);
        part.force();
        return part;
      } catch (IOException | InterruptedException | RuntimeException e) {
        if (part.size() == 0) {
          part.delete();
        }
        throw e;
      }
    }
  }

  private void retry(URI source, PartFile part, long mostBytes, Progress progress)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        transfer(source, part, mostBytes, progress);
        return;
      } catch (IOException e) {
        if (attempt == patience.attempts()) {
          throw e;
        }
        Thread.sleep(patience.pause().multipliedBy(attempt));
      }
    }
  }

  /** Asks for what is missing, once. */
  private void transfer(URI source, PartFile part, long mostBytes, Progress progress)
      throws IOException {
    Optional<String> known = part.validator();
    long have = known.isPresent() ? part.size() : 0;
    HttpURLConnection connection = answer(source, have, known);
    try {
      receive(source, connection, part, have, known, mostBytes, progress);
    } finally {
      connection.disconnect();
    }
  }

  /** The answer at the end of all redirects, none of which may leave https. */
  private HttpURLConnection answer(URI source, long have, Optional<String> known)
      throws IOException {
    URI address = source;
    for (int redirects = 0; ; redirects++) {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      if (have > 0) {
        connection.setRequestProperty("Range", "bytes=%d-".formatted(have));
        connection.setRequestProperty("If-Range", known.get());
      }
      connect(connection);
      String location = connection.getHeaderField("Location");
      if (connection.getResponseCode() / 100 != 3 || location == null) {
        return connection;
      }
      URI next = resolved(address, location);
      boolean safe =
          address.getScheme().equals(next.getScheme()) || "https".equals(next.getScheme());
      if (!safe || redirects == MAX_REDIRECTS) {
        return connection;
      }
      connection.disconnect();
      address = next;
    }
  }

  /** Where a redirect points to; asking again for a broken one would not mend it. */
  private static URI resolved(URI address, String location) {
    try {
      URI next = address.resolve(location);
      requireAddress(address, next);
      return next;
    } catch (IllegalArgumentException e) {
      throw new YoloxException(
          "cannot download %s: the server points to a broken address".formatted(address), e);
    }
  }

  private static void requireAddress(URI asked, URI address) {
    boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!http || address.getHost() == null || address.getPort() > MOST_PORT) {
      throw new YoloxException(
          "cannot download %s: %s is no http address"
              .formatted(asked, asked.equals(address) ? "it" : "where the server points to"));
    }
  }

  private void receive(
      URI source,
      HttpURLConnection connection,
      PartFile part,
      long have,
      Optional<String> known,
      long mostBytes,
      Progress progress)
      throws IOException {
    int status = connection.getResponseCode();
    if (status >= FIRST_SERVER_ERROR) {
      throw new IOException("the server answered %d".formatted(status));
    }
    String type = connection.getContentType();
    if (status < FIRST_ERROR && type != null && type.startsWith("text/html")) {
      throw new YoloxException(
          "cannot download %s: the server answered with a web page".formatted(source));
    }
    Optional<String> validator = validator(connection);
    String contentRange = connection.getHeaderField("Content-Range");
    Matcher range = CONTENT_RANGE.matcher(contentRange == null ? "" : contentRange);
    switch (status) {
      case HttpURLConnection.HTTP_OK -> {
        part.restart(validator);
        copy(source, connection, part, connection.getContentLengthLong(), mostBytes, progress);
      }
      case HttpURLConnection.HTTP_PARTIAL -> {
        if (have == 0
            || !range.matches()
            || !Long.toString(have).equals(range.group(1))
            || (validator.isPresent() && !validator.equals(known))) {
          throw startOver(part, "the server sent another part than the one asked for");
        }
        copy(source, connection, part, Long.parseLong(range.group(2)), mostBytes, progress);
      }
      case UNSATISFIABLE -> {
        // nothing is missing: the earlier call ended between the last byte and the check
        if (!range.matches() || !Long.toString(have).equals(range.group(2))) {
          throw startOver(part, "the server has less than has come before");
        }
        progress.update(have, have);
      }
      default ->
          throw new YoloxException(
              "cannot download %s: the server answered %d".formatted(source, status));
    }
  }

  private void connect(HttpURLConnection connection) throws IOException {
    connection.setConnectTimeout(Math.toIntExact(patience.connect().toMillis()));
    connection.setReadTimeout(Math.toIntExact(patience.stall().toMillis()));
    try {
      connection.connect();
    } catch (SocketTimeoutException e) {
      throw new IOException("no connection in time", e);
    }
  }

  private static IOException startOver(PartFile part, String why) throws IOException {
    part.restart(Optional.empty());
    return new IOException(why);
  }

  private void copy(
      URI source,
      HttpURLConnection connection,
      PartFile part,
      long total,
      long mostBytes,
      Progress progress)
      throws IOException {
    InputStream body = connection.getInputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    long begun = System.nanoTime();
    long since = 0;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      if (Math.max(total, part.size() + count) > mostBytes) {
        part.restart(Optional.empty());
        throw new YoloxException(
            "cannot download %s: the server sends more than %d bytes".formatted(source, mostBytes));
      }
      part.append(ByteBuffer.wrap(buffer, 0, count));
      progress.update(part.size(), total);
      since += count;
      if (System.nanoTime() - begun > patience.stall().toNanos()) {
        if (since < LEAST_BYTES) {
          throw new SocketTimeoutException();
        }
        begun = System.nanoTime();
        since = 0;
      }
    }
    if (total >= 0 && part.size() != total) {
      throw new IOException(
          "%d bytes have come, where %d were announced".formatted(part.size(), total));
    }
  }

  /** What tells this content from another one: a strong ETag, else the date of its last change. */
  private static Optional<String> validator(HttpURLConnection connection) {
    return Optional.ofNullable(connection.getHeaderField("ETag"))
        .filter(etag -> !etag.startsWith("W/"))
        .or(() -> Optional.ofNullable(connection.getHeaderField("Last-Modified")));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case SocketTimeoutException _ -> "the server sends nothing any more";
      case ConnectException _ -> "no connection to the server";
      case UnknownHostException _ -> "no connection to the server";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
