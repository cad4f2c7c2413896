package io.github.yolox4j.report;

import java.util.List;

/**
 * Curves over common points, as SVG: axes with ticks, a grid, and a legend beneath.
 *
 * @param title what the chart shows
 * @param across the horizontal axis
 * @param up the vertical axis
 * @param x where the curves have points, ascending
 * @param curves drawn in their order, the first on top
 */
@SuppressWarnings("ArrayRecordComponent") // drawn at once
record LineChart(String title, Axis across, Axis up, double[] x, List<Curve> curves) {

  /**
   * A curve.
   *
   * @param name for the legend
   * @param y by point a value; where it is not finite, the curve has a gap
   * @param strong whether it stands out
   * @param marked the index of a point to mark, or -1
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Curve(String name, double[] y, boolean strong, int marked) {

    /** A curve among others. */
    Curve(String name, double[] y) {
      this(name, y, false, -1);
    }

    static Curve strong(String name, double[] y) {
      return new Curve(name, y, true, -1);
    }
  }

  private static final List<String> COLOURS =
      List.of(
          "#2f7ed8", "#e07b39", "#3a9d5d", "#c0392b", "#8e5bb5", "#8c6d53", "#d667a3", "#7f8c8d",
          "#b5a327", "#22a5b8");
  private static final String STRONG = "#111827";

  private static final int WIDTH = 540;
  private static final int PLOT_HEIGHT = 290;
  private static final int LEFT = 60;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 42;
  private static final int LETTER = 7;
  private static final double POINT = 5;
  private static final int LEGEND_COLUMNS = 3;
  private static final int LEGEND_ROW = 18;
  private static final int LEGEND_LETTERS = 22;

  void writeTo(Markup html) {
    int legendRows = (curves.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    int height = TOP + PLOT_HEIGHT + BOTTOM + legendRows * LEGEND_ROW;
    html.begin("figure").element("h3", title);
    // no namespace: HTML knows svg by its name, and the page names no address at all
    html.begin("svg", "viewBox role", "0 0 %d %d".formatted(WIDTH, height), "img");
    html.element("title", title);
    writeAxes(html);
    for (int i = curves.size() - 1; i >= 0; i--) {
      writeCurve(html, i);
    }
    for (int i = 0; i < curves.size(); i++) {
      writeLegend(html, i);
    }
    html.end().end();
  }

  private void writeAxes(Markup html) {
    for (double tick : across.ticks()) {
      line(html, left(tick), TOP + PLOT_HEIGHT, left(tick), TOP);
      label(html, across.text(tick), left(tick), TOP + PLOT_HEIGHT + 16, "middle");
    }
    for (double tick : up.ticks()) {
      line(html, LEFT, top(tick), WIDTH - RIGHT, top(tick));
      label(html, up.text(tick), LEFT - LETTER, top(tick) + 4, "end");
    }
    label(html, across.label(), (LEFT + WIDTH - RIGHT) / 2.0, TOP + PLOT_HEIGHT + 34, "middle");
    double middle = TOP + PLOT_HEIGHT / 2.0;
    String turn = "rotate(-90 12 %s)".formatted(Numbers.drawn(middle));
    html.element("text", up.label(), "x y text-anchor transform", 12, middle, "middle", turn);
  }

  private static void line(Markup html, double x1, double y1, double x2, double y2) {
    html.empty("line", "x1 y1 x2 y2 stroke", x1, y1, x2, y2, "#e4e9ee");
  }

  private static void label(Markup html, String text, double x, double y, String anchor) {
    html.element("text", text, "x y text-anchor", x, y, anchor);
  }

  private void writeCurve(Markup html, int index) {
    Curve curve = curves.get(index);
    int from = 0;
    while (from < x.length) {
      int to = from;
      while (to < x.length && Double.isFinite(curve.y[to])) {
        to++;
      }
      if (to > from) {
        writeLine(html, index, from, to);
      }
      from = to + 1;
    }
    if (curve.marked >= 0) {
      double x = left(this.x[curve.marked]);
      double y = top(curve.y[curve.marked]);
      html.empty("circle", "cx cy r fill stroke stroke-width", x, y, 4, "#fff", colour(index), 2);
    }
  }

  private void writeLine(Markup html, int index, int from, int to) {
    Curve curve = curves.get(index);
    StringBuilder points = new StringBuilder();
    for (int i = from; i < to; i++) {
      points.append(i == from ? "" : " ").append(Numbers.drawn(left(x[i])));
      points.append(',').append(Numbers.drawn(top(curve.y[i])));
    }
    if (to == from + 1) {
      points.append(' ').append(points); // with round ends, a line of no length is a dot
    }
    html.empty(
        "polyline",
        "points fill stroke stroke-width stroke-linecap stroke-linejoin",
        points,
        "none",
        colour(index),
        Double.toString(to == from + 1 ? POINT : curve.strong ? 2.6 : 1.3),
        "round",
        "round");
  }

  private void writeLegend(Markup html, int index) {
    Curve curve = curves.get(index);
    double columnWidth = (double) (WIDTH - LEFT) / LEGEND_COLUMNS;
    double at = LEFT + index % LEGEND_COLUMNS * columnWidth;
    int row = index / LEGEND_COLUMNS;
    double y = TOP + PLOT_HEIGHT + BOTTOM + (row + 0.5) * LEGEND_ROW;
    String names = "x1 y1 x2 y2 stroke stroke-width";
    html.empty("line", names, at, y - 4, at + 18, y - 4, colour(index), curve.strong ? 3 : 2);
    html.begin("text", "x y", at + 24, y);
    html.element("title", curve.name).text(shortened(curve.name)).end();
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= LEGEND_LETTERS
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LEGEND_LETTERS - 1)) + "…";
  }

  private String colour(int index) {
    return curves.get(index).strong && index == 0
        ? STRONG
        : COLOURS.get(Math.floorMod(index - 1, COLOURS.size()));
  }

  private double left(double value) {
    return LEFT + across.part(value) * (WIDTH - LEFT - RIGHT);
  }

  private double top(double value) {
    return TOP + (1 - up.part(value)) * PLOT_HEIGHT;
  }
}
