package io.github.yolox4j;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.video.VideoReader;
import io.github.yolox4j.video.VideoSink;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java compiles, and does what is said of it. */
class ReadmeCodeTest {

  private static final Path PACKAGES = Path.of("src/main/java/io/github/yolox4j");
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /** A block of code in the README. */
  private record Block(String name, List<String> lines) {

    String source(String imports) {
      return "%spublic class %s {\n  public static void main(String[] none) throws Exception {\n%s\n  }\n}\n"
          .formatted(imports, name, String.join("\n", lines));
    }
  }

  @TempDir static Path classes;
  private static List<Block> blocks;

  @TempDir Path folder;

  @BeforeAll
  static void compile() throws IOException {
    blocks = new ArrayList<>();
    var code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    var found = code.matcher(Files.readString(Path.of("README.md")));
    while (found.find()) {
      blocks.add(new Block("Readme" + blocks.size(), found.group(1).lines().toList()));
    }
    String imports;
    try (Stream<Path> packages = Files.list(PACKAGES)) {
      imports =
          Stream.concat(
                  Stream.of("java.nio.file.*", "java.util.*"),
                  packages
                      .filter(place -> Files.exists(place.resolve("package-info.java")))
                      .map(place -> "io.github.yolox4j." + place.getFileName() + ".*"))
              .map("import %s;\n"::formatted)
              .collect(joining());
    }
    List<String> options = new ArrayList<>(List.of("-cp", CLASS_PATH, "-d", classes.toString()));
    for (Block block : blocks) {
      Path file = classes.resolve(block.name() + ".java");
      options.add(Files.writeString(file, block.source(imports)).toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new));
    assertEquals(0, status);
  }

  /** Runs the block that calls something, in the folder. */
  private List<String> run(Block block) throws IOException, InterruptedException {
    Files.copy(Path.of("models", "demo.pth"), folder.resolve("yolox_nano.pth"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", CLASS_PATH + File.pathSeparator + classes, block.name()));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = process.inputReader()) {
      List<String> lines = output.readAllLines();
      assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
      return lines;
    }
  }

  private static Block block(String call) {
    return blocks.stream()
        .filter(block -> String.join("\n", block.lines()).contains(call))
        .findFirst()
        .orElseThrow();
  }

  private Path photos() throws IOException {
    new SyntheticData(4, 1, 96, 96, 5).write(folder.resolve("shapes"), _ -> {});
    Path photos = Files.createDirectory(folder.resolve("photos"));
    try (Stream<Path> files = Files.walk(folder.resolve("shapes"))) {
      for (Path file : files.filter(f -> f.getParent().endsWith("train")).toList()) {
        Files.move(file, photos.resolve(file.getFileName()));
      }
    }
    return photos;
  }

  private static Path one(Path photos) throws IOException {
    try (Stream<Path> files = Files.list(photos)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }

  @Test
  void aPictureIsDetectedIn() throws Exception {
    try (Picture picture = Picture.read(one(photos()))) {
      picture.write(folder.resolve("dog.jpg"));
    }
    List<String> lines = run(block("detector.detect("));
    assertTrue(lines.getFirst().matches("\\w+ 0\\.\\d{3} \\[.*]"), lines.toString());
  }

  @Test
  void aFolderAndAVideoAreDetectedInByLessThanTenLines() throws Exception {
    Path photos = photos();
    try (Picture picture = Picture.read(one(photos));
        VideoSink clip =
            VideoSink.create(folder.resolve("clip.mp4"), picture.width(), picture.height(), 10)) {
      clip.write(picture.mat());
      clip.write(picture.mat());
      clip.finish();
    }
    Block block = block("DetectionJob");
    assertTrue(block.lines().size() < 10);
    List<String> progress = run(block);
    assertTrue(progress.getLast().startsWith("6 of"), progress.toString());
    assertTrue(Files.readString(folder.resolve("found.json")).contains("\"detections\""));
    Path found = folder.resolve("found");
    try (Stream<Path> drawn = Files.list(found)) {
      assertEquals(4, drawn.filter(Picture::named).count());
    }
    try (VideoReader drawn = VideoReader.open(found.resolve("clip.mp4").toString())) {
      assertEquals(2, drawn.frameCount());
    }
  }
}
