package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps the first pictures in memory. */
final class MemoryCache extends ImageCache {

  private record Key(Path file, Letterbox input) {}

  private final ConcurrentHashMap<Key, FittedPicture> pictures = new ConcurrentHashMap<>();
  private final AtomicLong left;

  MemoryCache(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  @Override
  FittedPicture fitted(Path file, Letterbox input) {
    Key key = new Key(file, input);
    FittedPicture kept = pictures.get(key);
    if (kept != null) {
      return kept.lent();
    }
    FittedPicture made = FittedPicture.of(Picture.read(file), input);
    if (left.addAndGet(-made.bytes()) < 0) {
      left.addAndGet(made.bytes());
      return made;
    }
    FittedPicture earlier = pictures.putIfAbsent(key, made);
    if (earlier == null) {
      return made.lent();
    }
    // another thread has decoded the same file meanwhile
    left.addAndGet(made.bytes());
    made.close();
    return earlier.lent();
  }

  @Override
  public void close() {
    pictures.values().forEach(FittedPicture::close);
    pictures.clear();
  }
}
