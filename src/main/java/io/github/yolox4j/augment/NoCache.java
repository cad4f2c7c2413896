package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import java.nio.file.Path;

/** Decodes a picture at every use. */
final class NoCache extends ImageCache {

  @Override
  FittedPicture fitted(Path file, Letterbox input) {
    return FittedPicture.of(Picture.read(file), input);
  }
}
