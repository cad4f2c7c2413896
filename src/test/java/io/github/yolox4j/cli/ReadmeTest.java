package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The README says what the code does. */
class ReadmeTest {

  private static String readme() throws IOException {
    return Files.readString(Shared.checkout("README.md"));
  }

  @Test
  void everyCommandItShowsHasTheOptionsItShows() throws IOException {
    CommandLine yolox = Main.commandLine(new Console(System.out, System.err), List.of());
    Matcher line = Pattern.compile("\\./yolox ([^`\n]+)").matcher(readme());
    int commands = 0;
    while (line.find()) {
      CommandLine command = yolox;
      for (String word : line.group(1).strip().split(" ", -1)) {
        if (command.getSubcommands().containsKey(word)) {
          command = command.getSubcommands().get(word);
        } else if (word.startsWith("-") && word.length() > 1) {
          assertNotNull(command.getCommandSpec().findOption(word), word + " in: " + line.group());
        }
      }
      assertTrue(
          yolox.getSubcommands().containsKey(line.group(1).strip().split(" ", -1)[0]),
          line.group());
      commands++;
    }
    assertTrue(commands > 5);
  }

  @Test
  void itsVersionsAreTheBuilds() throws IOException {
    String pom = Files.readString(Shared.checkout("pom.xml"));
    Matcher named =
        Pattern.compile("org\\.(?:bytedeco|tribuo):([a-z-]+):([\\d.-]+\\d)").matcher(readme());
    int versions = 0;
    while (named.find()) {
      String artifact = named.group(1).equals("tribuo-util-onnx") ? "tribuo" : named.group(1);
      assertEquals(property(pom, artifact + ".version"), named.group(2), named.group());
      versions++;
    }
    assertTrue(versions >= 6);
    assertTrue(readme().contains("version " + property(pom, "cuda.version")));
    Matcher own = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
    assertTrue(own.find());
    assertTrue(readme().contains("<version>" + own.group(1) + "</version>"));
    assertTrue(readme().contains("io.github.yolox4j:yolox4j:" + own.group(1)));
  }

  private static String property(String pom, String name) {
    Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<").matcher(pom);
    assertTrue(value.find(), name);
    String text = value.group(1);
    Matcher reference = Pattern.compile("\\$\\{([^}]+)}").matcher(text);
    return reference.find() ? reference.replaceAll(m -> property(pom, m.group(1))) : text;
  }

  @Test
  void itsPictureOfThePackagesNamesThemAll() throws IOException {
    String section = readme().substring(readme().indexOf("## How it is laid out"));
    String table = section.substring(0, section.indexOf("\n## ", 1));
    Set<String> packages;
    Path sources = Shared.checkout("src/main/java/io/github/yolox4j");
    try (Stream<Path> files = Files.walk(sources)) {
      packages =
          files
              .filter(f -> f.endsWith("package-info.java"))
              .map(f -> sources.relativize(f.getParent()).toString().replaceFirst("/.*", ".*"))
              .filter(name -> !name.isEmpty())
              .collect(Collectors.toCollection(TreeSet::new));
    }
    for (String name : packages) {
      assertTrue(
          Pattern.compile("(^|\\s)" + Pattern.quote(name) + "\\s").matcher(table).find(), name);
    }
  }
}
