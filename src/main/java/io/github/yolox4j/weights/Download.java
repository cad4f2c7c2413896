package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow.Publisher;
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
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNSATISFIABLE = 416;
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_SERVER_ERROR = 500;

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
   * @param source an http or https address; redirects are followed
   * @param target the file to make or replace; its folder is made if it is missing
   * @param check is given the finished file before it gets its name; what it throws ends the
   *     download, and the file is deleted
   * @param progress hears of the progress
   * @throws YoloxException if the file cannot be downloaded; what has come is kept for a later call
   */
  public void fetch(URI source, Path target, Consumer<Path> check, Progress progress) {
    if (!"http".equals(source.getScheme()) && !"https".equals(source.getScheme())) {
      throw new YoloxException("cannot download %s: it is no http address".formatted(source));
    }
    PartFile part = new PartFile(target);
    try {
      fill(source, part, progress);
      try {
        check.accept(part.path());
      } catch (RuntimeException e) {
        part.delete();
        throw e;
      }
      part.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new YoloxException("the download of %s was interrupted".formatted(source), e);
    } catch (IOException e) {
      throw new YoloxException(
          "cannot download %s to %s: %s".formatted(source, target, reason(e)), e);
    }
  }

  private void fill(URI source, PartFile part, Progress progress)
      throws IOException, InterruptedException {
    Files.createDirectories(part.folder());
    try (FileChannel channel =
            FileChannel.open(part.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel, part);
        HttpClient client =
            HttpClient.newBuilder()
                .connectTimeout(patience.connect())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
      try {
        retry(new Transfer(client, source, part, channel, progress));
        channel.force(true);
      } catch (IOException | InterruptedException | RuntimeException e) {
        if (channel.size() == 0) {
          part.delete();
        }
        throw e;
      } finally {
        // closing the client waits for its transfers, also for one that was given up
        client.shutdownNow();
      }
    }
  }

  private static FileLock lock(FileChannel channel, PartFile part) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null;
    }
    if (lock == null) {
      throw new YoloxException("another download is writing %s".formatted(part.path()));
    }
    return lock;
  }

  private void retry(Transfer transfer) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        transfer.run();
        return;
      } catch (IOException e) {
        if (attempt == patience.attempts()) {
          throw e;
        }
        Thread.sleep(patience.pause().multipliedBy(attempt));
      }
    }
  }

  /** One download's connection and file. */
  private final class Transfer {
    private final HttpClient client;
    private final URI source;
    private final PartFile part;
    private final FileChannel channel;
    private final Progress progress;

    Transfer(HttpClient client, URI source, PartFile part, FileChannel channel, Progress progress) {
      this.client = client;
      this.source = source;
      this.part = part;
      this.channel = channel;
      this.progress = progress;
    }

    /** Asks for what is missing, once. */
    void run() throws IOException, InterruptedException {
      Optional<String> validator = part.validator();
      long have = validator.isPresent() ? channel.size() : 0;
      HttpRequest.Builder request = HttpRequest.newBuilder(source).timeout(patience.stall());
      if (have > 0) {
        request.header("Range", "bytes=%d-".formatted(have));
        request.header("If-Range", validator.get());
      }
      HttpResponse<Publisher<List<ByteBuffer>>> answer =
          client.send(request.build(), BodyHandlers.ofPublisher());
      HttpHeaders headers = answer.headers();
      refuseErrors(answer.statusCode(), headers);
      Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
      switch (answer.statusCode()) {
        case OK -> {
          part.restart(channel, validator(headers));
          receive(answer.body(), 0, headers.firstValueAsLong("Content-Length").orElse(-1));
        }
        case PARTIAL -> {
          boolean continues =
              range.matches()
                  && Long.toString(have).equals(range.group(1))
                  && (validator(headers).isEmpty() || validator(headers).equals(validator));
          if (!continues) {
            startOver("the server sent another part than the one asked for");
          }
          receive(answer.body(), have, Long.parseLong(range.group(2)));
        }
        case UNSATISFIABLE -> {
          // nothing is missing: the earlier call ended between the last byte and the check
          if (!range.matches() || !Long.toString(have).equals(range.group(2))) {
            startOver("the server has less than has come before");
          }
          progress.update(have, have);
        }
        default -> throw unexpected(answer.statusCode());
      }
    }

    private void startOver(String why) throws IOException {
      part.restart(channel, Optional.empty());
      throw new IOException(why);
    }

    private void refuseErrors(int status, HttpHeaders headers) throws IOException {
      if (status >= FIRST_SERVER_ERROR) {
        throw new IOException("the server answered %d".formatted(status));
      }
      if (status >= FIRST_ERROR && status != UNSATISFIABLE) {
        throw unexpected(status);
      }
      if (headers.firstValue("Content-Type").orElse("").startsWith("text/html")) {
        throw new YoloxException(
            "cannot download %s: the server answered with a web page".formatted(source));
      }
    }

    private YoloxException unexpected(int status) {
      return new YoloxException(
          "cannot download %s: the server answered %d".formatted(source, status));
    }

    private void receive(Publisher<List<ByteBuffer>> body, long begin, long total)
        throws IOException, InterruptedException {
      BodyReader reader = new BodyReader();
      body.subscribe(reader);
      channel.position(begin);
      for (List<ByteBuffer> piece = reader.next(patience.stall());
          !piece.isEmpty();
          piece = reader.next(patience.stall())) {
        for (ByteBuffer buffer : piece) {
          Blocks.write(channel, buffer);
        }
        progress.update(channel.position(), total);
      }
      if (total >= 0 && channel.position() != total) {
        throw new IOException(
            "%d bytes have come, where %d were announced".formatted(channel.position(), total));
      }
    }
  }

  /** What tells this content from another one: a strong ETag, else the date of its last change. */
  private static Optional<String> validator(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(etag -> !etag.startsWith("W/"))
        .or(() -> headers.firstValue("Last-Modified"));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case HttpConnectTimeoutException _ -> "no connection in time";
      case HttpTimeoutException _ -> "the server sends nothing any more";
      case ConnectException _ -> "no connection to the server";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
