package io.github.yolox4j.weights;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads the body of an answer piece by piece, each within a time-out: the client's own time-out
 * ends when the body begins, and its streams wait for ever.
 */
final class BodyReader implements Flow.Subscriber<List<ByteBuffer>> {

  /** What the publisher said. */
  private sealed interface Signal {}

  private record Data(List<ByteBuffer> buffers) implements Signal {}

  private record Failure(Throwable cause) implements Signal {}

  private record End() implements Signal {}

  private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private volatile Flow.Subscription subscription;

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    signals.add(new Data(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    signals.add(new Failure(cause));
  }

  @Override
  public void onComplete() {
    signals.add(new End());
  }

  /**
   * Waits for the next piece.
   *
   * @return the piece; empty at the end of the body
   * @throws HttpTimeoutException if nothing comes in time; the transfer is then given up
   * @throws IOException if the transfer broke
   */
  List<ByteBuffer> next(Duration timeout) throws IOException, InterruptedException {
    switch (signals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      case null -> {
        subscription.cancel();
        throw new HttpTimeoutException("stalled");
      }
      case Data(List<ByteBuffer> buffers) -> {
        subscription.request(1);
        return buffers;
      }
      case Failure(Throwable cause) -> throw new IOException(cause.getMessage(), cause);
      case End() -> {
        return List.of();
      }
    }
  }
}
