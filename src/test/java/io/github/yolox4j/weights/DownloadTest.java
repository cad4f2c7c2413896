package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a real server on this machine, which misbehaves as each test tells it to. */
class DownloadTest {

  private static final byte[] CONTENT = new byte[200_000];
  private static final long MOST = CONTENT.length;
  private static final Download.Patience SHORT =
      new Download.Patience(Duration.ofSeconds(20), Duration.ofMillis(200), 3, Duration.ofNanos(1));
  private static final Download.Patience LONG =
      new Download.Patience(Duration.ofSeconds(20), Duration.ofSeconds(20), 3, Duration.ZERO);

  static {
    new SplittableRandom(5).nextBytes(CONTENT);
  }

  /** How the server answers one request. */
  private interface Answer {
    void give(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @TempDir Path folder;
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> ranges = new ArrayList<>();
  private final List<Long> progress = new ArrayList<>();
  private final CountDownLatch testIsOver = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private Path target;

  @BeforeEach
  void start() throws IOException {
    target = folder.resolve("cache").resolve("w.pth");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    testIsOver.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Answer answer;
    synchronized (answers) {
      ranges.add(exchange.getRequestHeaders().getFirst("Range"));
      answer = answers.size() > 1 ? answers.remove() : answers.element();
    }
    try (exchange) {
      answer.give(exchange);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** The whole file, whatever is asked for. */
  private static void whole(HttpExchange exchange) throws IOException {
    send(exchange, 200, CONTENT);
  }

  /** A server that knows ranges and calls its content by a tag. */
  private static Answer tagged(String tag) {
    return exchange -> {
      if (tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
        rest("ETag", tag).give(exchange);
      } else {
        exchange.getResponseHeaders().set("ETag", tag);
        whole(exchange);
      }
    };
  }

  /** The part that is asked for, whatever If-Range says. */
  private static Answer rest(String header, String validator) {
    return exchange -> {
      exchange.getResponseHeaders().set(header, validator);
      String range = exchange.getRequestHeaders().getFirst("Range");
      int begin = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      int status = begin < CONTENT.length ? 206 : 416;
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              status == 416
                  ? "bytes */" + CONTENT.length
                  : "bytes %d-%d/%d".formatted(begin, CONTENT.length - 1, CONTENT.length));
      send(exchange, status, Arrays.copyOfRange(CONTENT, begin, CONTENT.length));
    };
  }

  /** Announces everything and sends a part, then breaks off or, with a latch, hangs. */
  private Answer part(String header, String validator, int bytes, boolean hang) {
    return exchange -> {
      exchange.getResponseHeaders().set(header, validator);
      exchange.sendResponseHeaders(200, CONTENT.length);
      exchange.getResponseBody().write(CONTENT, 0, bytes);
      exchange.getResponseBody().flush();
      if (hang) {
        testIsOver.await();
      }
    };
  }

  private void fetch(Download.Patience patience, Answer... given) {
    synchronized (answers) {
      answers.clear();
      answers.addAll(List.of(given));
      ranges.clear();
    }
    new Download(patience)
        .fetch(
            uri(),
            target,
            MOST,
            part -> assertTrue(part.toString().endsWith("w.pth.part")),
            (done, _) -> progress.add(done));
  }

  private URI uri() {
    return URI.create(
        "http://%s:%d/w.pth"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  private String failure(Download.Patience patience, Answer... given) {
    return assertThrows(YoloxException.class, () -> fetch(patience, given)).getMessage();
  }

  private void assertFetched() throws IOException {
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
    assertEquals(List.of("w.pth"), listing());
  }

  private List<String> listing() throws IOException {
    try (var files = Files.list(target.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void fetchesAFileAndTellsItsProgress() throws IOException {
    fetch(LONG, tagged("\"1\""));
    assertFetched();
    assertEquals((long) CONTENT.length, progress.getLast());
    assertEquals(progress.stream().sorted().toList(), progress);
  }

  @Test
  void followsRedirects() throws IOException {
    Answer redirect =
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          send(exchange, 302, new byte[0]);
        };
    fetch(LONG, redirect, tagged("\"1\""));
    assertFetched();
  }

  @Test
  void aBrokenTransferGoesOnWhereItStopped() throws IOException {
    fetch(LONG, part("ETag", "\"1\"", 100_000, false), tagged("\"1\""));
    assertFetched();
    assertEquals(2, ranges.size());
    assertTrue(ranges.get(1).matches("bytes=[1-9]\\d*-"), ranges.toString());
  }

  @Test
  void aLaterCallGoesOnToo() throws IOException {
    Answer broken = part("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT", 100_000, false);
    Answer busy = exchange -> send(exchange, 503, new byte[0]);
    String message = failure(LONG, broken, busy);
    assertTrue(message.endsWith("the server answered 503"), message);
    assertEquals(List.of("w.pth.part", "w.pth.part.etag"), listing());
    assertEquals(
        "Sat, 01 Jan 2022 00:00:00 GMT",
        Files.readString(target.resolveSibling("w.pth.part.etag")));
    fetch(LONG, rest("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT"));
    assertFetched();
    assertEquals(1, ranges.size());
  }

  @Test
  void startsOverWhereTheServerIgnoresRanges() throws IOException {
    fetch(LONG, part("ETag", "\"1\"", 100_000, false), DownloadTest::whole);
    assertFetched();
  }

  @Test
  void startsOverWhereTheFileHasChanged() throws IOException {
    fetch(LONG, part("ETag", "\"old\"", 100_000, false), tagged("\"new\""));
    assertFetched();
    // a server that sends a part of a changed file, whatever If-Range says
    Files.delete(target);
    fetch(
        LONG, part("ETag", "\"old\"", 100_000, false), rest("ETag", "\"new\""), tagged("\"new\""));
    assertFetched();
    assertEquals(null, ranges.getLast());
  }

  @Test
  void startsOverWithoutAStrongName() throws IOException {
    fetch(LONG, part("ETag", "W/\"1\"", 100_000, false), tagged("\"1\""));
    assertFetched();
    assertEquals(Arrays.asList(null, null), ranges);
  }

  @Test
  void startsOverWithAnUnreadableName() throws IOException {
    Files.createDirectories(target.getParent());
    Files.writeString(target.resolveSibling("w.pth.part"), "something");
    Files.writeString(target.resolveSibling("w.pth.part.etag"), "a\nb");
    fetch(LONG, tagged("\"1\""));
    assertFetched();
  }

  @Test
  void aPartThatIsWholeIsOnlyChecked() throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target.resolveSibling("w.pth.part"), CONTENT);
    Files.writeString(target.resolveSibling("w.pth.part.etag"), "\"1\"");
    fetch(LONG, tagged("\"1\""));
    assertFetched();
    assertEquals(List.of("bytes=200000-"), ranges);
  }

  @Test
  void aPartThatIsTooLongIsDropped() throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target.resolveSibling("w.pth.part"), new byte[CONTENT.length + 1]);
    Files.writeString(target.resolveSibling("w.pth.part.etag"), "\"1\"");
    Answer shorter =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes */" + CONTENT.length);
          send(exchange, 416, new byte[0]);
        };
    fetch(LONG, shorter, tagged("\"1\""));
    assertFetched();
  }

  @Test
  void aTransferThatKeepsBreakingEndsInASentence() throws IOException {
    String message = failure(LONG, part("X-Nothing", "1", 10, false));
    assertTrue(message.startsWith("cannot download " + uri() + " to " + target), message);
    assertEquals(3, ranges.size());
    assertFalse(Files.exists(target));
  }

  @Test
  void aTransferThatStallsIsGivenUp() throws IOException {
    String message = failure(SHORT, part("ETag", "\"1\"", 10, true));
    assertTrue(message.endsWith("the server sends nothing any more"), message);
    assertEquals(3, ranges.size());
    assertTrue(listing().contains("w.pth.part"));
    message = failure(SHORT, _ -> testIsOver.await());
    assertTrue(message.endsWith("the server sends nothing any more"), message);
  }

  @Test
  void errorsAndWebPagesAreToldAtOnce() throws IOException {
    assertEquals(
        "cannot download %s: the server answered 404".formatted(uri()),
        failure(LONG, exchange -> send(exchange, 404, new byte[] {'x'})));
    assertEquals(1, ranges.size());
    assertEquals(
        "cannot download %s: the server answered 204".formatted(uri()),
        failure(LONG, exchange -> send(exchange, 204, new byte[0])));
    Answer page =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          whole(exchange);
        };
    assertEquals(
        "cannot download %s: the server answered with a web page".formatted(uri()),
        failure(LONG, page));
    assertEquals(List.of(), listing());
    server.stop(0);
    assertTrue(failure(LONG, page).endsWith("no connection to the server"));
    assertTrue(
        assertThrows(
                YoloxException.class,
                () ->
                    new Download()
                        .fetch(URI.create("file:/x"), target, MOST, _ -> {}, (_, _) -> {}))
            .getMessage()
            .endsWith("it is no http address"));
  }

  @Test
  void moreThanIsAllowedIsRefusedHoweverItComes() throws IOException {
    Answer announced =
        exchange -> {
          exchange.sendResponseHeaders(200, MOST + 1);
          exchange.getResponseBody().write(CONTENT);
        };
    Answer endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // in chunks, without a length
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(CONTENT);
          }
        };
    for (Answer answer : List.of(announced, endless)) {
      assertEquals(
          "cannot download %s: the server sends more than %d bytes".formatted(uri(), MOST),
          failure(LONG, answer));
      assertEquals(1, ranges.size());
      assertEquals(List.of(), listing());
    }
  }

  @Test
  void aServerThatDripsCountsAsOneThatSendsNothing() {
    Answer drips =
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          for (int i = 0; !testIsOver.await(20, TimeUnit.MILLISECONDS); i++) {
            exchange.getResponseBody().write(CONTENT, i, 1);
            exchange.getResponseBody().flush();
          }
        };
    assertTrue(failure(SHORT, drips, drips, drips).endsWith("the server sends nothing any more"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://:x", "file:///etc/passwd", "http://h:70000/", "http://", "::"})
  void aBrokenRedirectIsToldAtOnce(String location) {
    Answer redirect =
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(302, -1);
        };
    String message = failure(LONG, redirect);
    assertTrue(message.startsWith("cannot download " + uri()), message);
    assertEquals(1, ranges.size());
  }

  @Test
  void aLinkInThePlaceOfThePartIsNotFollowed() throws IOException {
    Files.createDirectories(target.getParent());
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    Files.createSymbolicLink(target.resolveSibling("w.pth.part"), precious);
    String message = failure(LONG, tagged("\"1\""));
    assertTrue(message.startsWith("cannot download"), message);
    assertEquals("precious", Files.readString(precious));
  }

  @Test
  void aFileThatFailsItsCheckIsDeleted() throws IOException {
    answers.add(tagged("\"1\""));
    YoloxException expected = new YoloxException("not what it should be");
    YoloxException thrown =
        assertThrows(
            YoloxException.class,
            () ->
                new Download(LONG)
                    .fetch(
                        uri(),
                        target,
                        MOST,
                        _ -> {
                          throw expected;
                        },
                        (_, _) -> {}));
    assertEquals(expected, thrown);
    assertEquals(List.of(), listing());
  }

  @Test
  void twoDownloadsOfOneFileDoNotMix() throws IOException {
    Files.createDirectories(target.getParent());
    try (FileChannel channel =
            FileChannel.open(
                target.resolveSibling("w.pth.part"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      assertTrue(failure(LONG, tagged("\"1\"")).startsWith("another download is writing"));
    }
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    assertTrue(failure(LONG, tagged("\"1\"")).endsWith("was interrupted"));
    assertTrue(Thread.interrupted());
  }
}
