package io.github.yolox4j.detect;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Labels in the characters that OpenCV's fonts have, which are ASCII's. */
final class LabelText {

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern DRAWABLE = Pattern.compile("[ -~]*[!-~][ -~]*");

  private LabelText() {}

  /** Returns {@link #name} and the score. */
  static String of(Detection detection) {
    return String.format(Locale.ROOT, "%s %.2f", name(detection), detection.score());
  }

  /** Returns the class's name, or its number where the name cannot be drawn. */
  static String name(Detection detection) {
    String decomposed = Normalizer.normalize(detection.label(), Normalizer.Form.NFD);
    String unmarked = MARKS.matcher(decomposed).replaceAll("");
    return DRAWABLE.matcher(unmarked).matches() ? unmarked : "#" + detection.classId();
  }
}
