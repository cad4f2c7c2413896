package io.github.yolox4j.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes markup that is well-formed both as HTML and as XML. All text and all attribute values are
 * escaped here, so that no name from a file becomes markup. For use by one thread.
 */
final class Markup {

  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  Markup begin(String element) {
    return begin(element, "");
  }

  /** Begins an element with attributes, whose names a blank parts. */
  Markup begin(String element, String names, Object... values) {
    start(element, names, values).append('>');
    open.push(element);
    return this;
  }

  /** Ends the element that was begun last. */
  Markup end() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** Writes an element without content that HTML knows to have none, or one of SVG. */
  Markup empty(String element, String names, Object... values) {
    start(element, names, values).append("/>");
    return this;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** Writes a style sheet of our own, in which there is nothing to escape. */
  Markup verbatim(String css) {
    out.append(css);
    return this;
  }

  Markup element(String element, String text) {
    return element(element, text, "");
  }

  /** Writes an element that holds text only. */
  Markup element(String element, String text, String names, Object... values) {
    return begin(element, names, values).text(text).end();
  }

  private StringBuilder start(String element, String names, Object... values) {
    out.append('<').append(element);
    String[] each = names.isEmpty() ? new String[0] : names.split(" ");
    for (int i = 0; i < each.length; i++) {
      out.append(' ').append(each[i]).append("=\"");
      escape(values[i] instanceof Double number ? Numbers.drawn(number) : values[i].toString());
      out.append('"');
    }
    return out;
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : REPLACEMENT);
              }
            });
  }

  /** Whether XML has the character, and it does not turn the direction of what follows. */
  private static boolean allowed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\t' || c == '\n';
      case Character.SURROGATE -> false;
      case Character.FORMAT -> c == 0x200D;
      default -> (c & 0xFFFE) != 0xFFFE;
    };
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
