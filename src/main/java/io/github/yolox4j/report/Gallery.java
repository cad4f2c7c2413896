package io.github.yolox4j.report;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.ErrorKind;
import io.github.yolox4j.eval.Mistake;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Mistakes with their pictures, or as a table where there are none. */
record Gallery(GroundTruth truth, List<Mistake> mistakes, Optional<Path> images) {

  void writeTo(Markup html) {
    if (mistakes.isEmpty()) {
      html.element("p", "None.");
      return;
    }
    List<Optional<byte[]>> thumbnails =
        mistakes.stream()
            .map(mistake -> images.flatMap(folder -> new Thumbnail(truth, mistake).jpeg(folder)))
            .toList();
    if (thumbnails.stream().allMatch(Optional::isEmpty)) {
      writeTable(html);
      return;
    }
    html.begin("div", "class", "gallery");
    for (int i = 0; i < mistakes.size(); i++) {
      writeFigure(html, mistakes.get(i), thumbnails.get(i));
    }
    html.end();
  }

  private void writeFigure(Markup html, Mistake mistake, Optional<byte[]> thumbnail) {
    html.begin("figure").begin("div", "class", "frame");
    thumbnail.ifPresentOrElse(
        jpeg -> Jpeg.write(html, jpeg, name(mistake)), () -> html.text("no picture"));
    html.end().begin("figcaption").element("b", name(mistake));
    html.text(" " + score(mistake)).empty("br", "").text(kind(mistake)).empty("br", "");
    html.text(fileName(mistake)).end().end();
  }

  private void writeTable(Markup html) {
    new Table<Mistake>("text")
        .text("Class", this::name)
        .text("Kind", this::kind)
        .number("Score", Gallery::score)
        .number("Box (x, y, width, height)", Gallery::box)
        .text("Image", this::fileName)
        .writeTo(html, mistakes);
  }

  private static String box(Mistake mistake) {
    BoundingBox box = mistake.box();
    return DoubleStream.of(box.x(), box.y(), box.width(), box.height())
        .mapToObj(value -> Long.toString(Math.round(value)))
        .collect(Collectors.joining(", "));
  }

  /** What it is and, where another class is at the place, which. */
  private String kind(Mistake mistake) {
    String title = mistake.kind().title();
    boolean otherClass =
        mistake.kind() == ErrorKind.CLASSIFICATION || mistake.kind() == ErrorKind.BOTH;
    return otherClass
        ? "%s: is %s"
            .formatted(title, truth.categories().get(truth.category(mistake.annotation())).name())
        : title;
  }

  private static String score(Mistake mistake) {
    return mistake.kind() == ErrorKind.MISSED && mistake.score() == 0
        ? "–"
        : Numbers.decimals(mistake.score());
  }

  private String name(Mistake mistake) {
    return truth.categories().get(mistake.category()).name();
  }

  private String fileName(Mistake mistake) {
    return truth.images().get(mistake.image()).fileName();
  }
}
