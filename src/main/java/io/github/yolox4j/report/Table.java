package io.github.yolox4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A table with a head.
 *
 * @param <R> what a row is about
 */
final class Table<R> {

  private record Column<R>(String title, boolean text, Function<R, String> cell) {}

  private final String textClass;
  private final List<Column<R>> columns = new ArrayList<>();

  /** Begins with no columns; those of texts are of a class of the style sheet. */
  Table(String textClass) {
    this.textClass = textClass;
  }

  Table<R> text(String title, Function<R, String> cell) {
    columns.add(new Column<>(title, true, cell));
    return this;
  }

  Table<R> number(String title, Function<R, String> cell) {
    columns.add(new Column<>(title, false, cell));
    return this;
  }

  void writeTo(Markup html, List<R> rows) {
    html.begin("table", "class", "list").begin("thead").begin("tr");
    columns.forEach(column -> write(html, "th", column, column.title));
    html.end().end().begin("tbody");
    for (R row : rows) {
      html.begin("tr");
      columns.forEach(column -> write(html, "td", column, column.cell.apply(row)));
      html.end();
    }
    html.end().end();
  }

  private void write(Markup html, String element, Column<R> column, String text) {
    html.element(element, text, column.text ? "class" : "", textClass);
  }
}
