package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.MappedLibraries;
import io.github.yolox4j.ffi.torch.TorchLibrary;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second libtorch is refused. For the first, any library of that name will do. */
class TwoLibtorchsTest {

  private static final String LIBRARY = System.mapLibraryName("torch_cpu");

  @TempDir private Path folder;

  /**
   * Loads a library and tries to make modules, to load the class path's libtorch, then a folder's.
   */
  static final class Program {

    private Program() {}

    @SuppressWarnings("restricted")
    public static void main(String[] file) {
      SymbolLookup.libraryLookup(Path.of(file[0]), Arena.global());
      print(Program::makeModules);
      print(LibTorch::load);
      print(TorchLibrary::load);
    }

    private static void makeModules() {
      try (Weights weights = Weights.read(Path.of("models", "demo.pth"))) {
        Networks.folded(FoldedNetwork.of(WeightsModel.infer(weights), weights)).close();
      }
    }

    private static void print(Runnable load) {
      try {
        load.run();
        System.out.println("loaded");
      } catch (YoloxException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void theClassPathsIsRefusedWhereTheProcessHasAnother() throws Exception {
    Path other = anyLibrary(folder.resolve("theirs"));
    String sentence =
        "This process has the libtorch %s already, and two cannot be in one; expected the one on the"
                .formatted(other)
            + " class path, or -D%s=%s".formatted(TorchLibrary.FOLDER_PROPERTY, other.getParent());
    assertEquals(List.of(sentence, sentence, sentence), linesOf(List.of(), other));
  }

  @Test
  void aFoldersIsRefusedWhereTheProcessHasAnother() throws Exception {
    Path other = anyLibrary(folder.resolve("theirs"));
    Path ours = anyLibrary(folder.resolve("ours"));
    List<String> lines =
        linesOf(List.of("-D" + TorchLibrary.FOLDER_PROPERTY + "=" + ours.getParent()), other);
    assertEquals(
        "This process has the libtorch %s already, and two cannot be in one; expected %s, or -D%s=%s"
            .formatted(other, ours, TorchLibrary.FOLDER_PROPERTY, other.getParent()),
        lines.getLast());
  }

  private static List<String> linesOf(List<String> options, Path library)
      throws IOException, InterruptedException {
    return ChildJvm.linesOf(Pattern.compile("(?!)"), options, Program.class, library.toString());
  }

  private static Path anyLibrary(Path folder) throws IOException {
    Path some = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("zip"));
    assumeTrue(Files.exists(some), () -> some + " is absent");
    assumeTrue(!MappedLibraries.named("lib").isEmpty(), "the system tells no mapped files");
    return Files.copy(some, Files.createDirectories(folder).resolve(LIBRARY)).toRealPath();
  }
}
