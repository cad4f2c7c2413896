import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Prints the line coverage of every package from JaCoCo's CSV report. */
final class PrintCoverage {

  private static final int PACKAGE = 1;
  private static final int LINES_MISSED = 7;
  private static final int LINES_COVERED = 8;

  public static void main(String[] args) throws IOException {
    Path report = Path.of(args[0]);
    if (!Files.exists(report)) {
      return; // tests were skipped
    }
    Map<String, long[]> packages = new TreeMap<>();
    for (String row : Files.readAllLines(report).stream().skip(1).toList()) {
      String[] column = row.split(",");
      for (String name : new String[] {column[PACKAGE], "total"}) {
        long[] lines = packages.computeIfAbsent(name, _ -> new long[2]);
        lines[0] += Long.parseLong(column[LINES_COVERED]);
        lines[1] += Long.parseLong(column[LINES_MISSED]);
      }
    }
    System.out.println("Line coverage:");
    packages.forEach(
        (name, lines) ->
            System.out.printf(
                "  %5.1f %%  %s%n", 100.0 * lines[0] / Math.max(1, lines[0] + lines[1]), name));
  }
}
