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

  @SuppressWarnings("ArrayRecordComponent")
  private record Column<R>(String title, Object[] attributes, Function<R, String> cell) {}

  private final Object[] textual;
  private final List<Column<R>> columns = new ArrayList<>();

  /** Begins with no columns; those of texts are of a class of the style sheet. */
  Table(String textClass) {
    textual = new Object[] {"class", textClass};
  }

  Table<R> text(String title, Function<R, String> cell) {
    columns.add(new Column<>(title, textual, cell));
    return this;
  }

  Table<R> number(String title, Function<R, String> cell) {
    columns.add(new Column<>(title, new Object[0], cell));
    return this;
  }

  void writeTo(Markup html, List<R> rows) {
    html.begin("table", "class", "list").begin("thead").begin("tr");
    columns.forEach(column -> html.element("th", column.title, column.attributes));
    html.end().end().begin("tbody");
    for (R row : rows) {
      html.begin("tr");
      columns.forEach(column -> html.element("td", column.cell.apply(row), column.attributes));
      html.end();
    }
    html.end().end();
  }
}
