package io.github.yolox4j.report;

import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A confusion matrix as a table, each cell coloured by its part of the row: those on the diagonal
 * blue, confusions red. Of many classes it shows those that are confused most with other classes.
 */
record HeatMap(ConfusionMatrix matrix, GroundTruth truth) {

  static final int MOST_CLASSES = 20;

  private static final int[] RIGHT = {33, 102, 172};
  private static final int[] WRONG = {192, 57, 43};

  /** From this part of the row on, white is read more easily than black. */
  private static final double DARK = 0.55;

  /** The classes shown, by their number. */
  List<Integer> shown() {
    List<Integer> classes = IntStream.range(0, matrix.background()).boxed().toList();
    return classes.size() <= MOST_CLASSES
        ? classes
        : classes.stream()
            .sorted(Comparator.comparingInt((Integer k) -> -confused(k)))
            .limit(MOST_CLASSES)
            .sorted()
            .toList();
  }

  /** How often a class is taken for another, or another for it. */
  private int confused(int category) {
    return IntStream.range(0, matrix.background())
        .filter(k -> k != category)
        .map(k -> matrix.count(category, k) + matrix.count(k, category))
        .sum();
  }

  void writeTo(Markup html) {
    List<Integer> indices = new ArrayList<>(shown());
    indices.add(matrix.background());
    html.begin("div", "class", "scroll").begin("table", "class", "matrix").begin("thead");
    html.begin("tr").element("th", "truth ↓  predicted →", "class", "row");
    for (int column : indices) {
      html.begin("th", "class scope title", "column", "col", name(column));
      html.element("span", name(column)).end();
    }
    html.end().end().begin("tbody");
    for (int row : indices) {
      html.begin("tr");
      html.element("th", name(row), "class scope title", "row", "row", name(row));
      int sum = matrix.truths(row);
      for (int column : indices) {
        writeCell(html, row, column, sum);
      }
      html.end();
    }
    html.end().end().end();
  }

  private void writeCell(Markup html, int row, int column, int sum) {
    int count = matrix.count(row, column);
    double part = sum == 0 ? 0 : (double) count / sum;
    html.element(
        "td",
        count == 0 ? "" : Integer.toString(count),
        "style title",
        colours(row == column ? RIGHT : WRONG, part),
        String.format(
            Locale.ROOT, "%s as %s: %d, %.1f %%", name(row), name(column), count, 100 * part));
  }

  private static String colours(int[] colour, double part) {
    // the root makes rare confusions visible
    double strength = Math.sqrt(part);
    int[] mixed =
        IntStream.of(colour).map(c -> (int) Math.round(247 + strength * (c - 247))).toArray();
    return "background:rgb(%d,%d,%d);color:%s"
        .formatted(mixed[0], mixed[1], mixed[2], strength > DARK ? "#fff" : "#1f2933");
  }

  private String name(int index) {
    return index == matrix.background() ? "background" : truth.categories().get(index).name();
  }
}
