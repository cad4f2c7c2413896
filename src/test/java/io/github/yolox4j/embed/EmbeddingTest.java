package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs in C and C++ that detect. */
@SuppressWarnings("restricted")
class EmbeddingTest {

  private static final Path DEMO = Path.of("models", "demo.pth").toAbsolutePath();

  /** What the JVM says at every start about its vectors. */
  private static final String INCUBATOR_WARNING =
      "WARNING: Using incubator modules: jdk.incubator.vector";

  @TempDir static Path folder;

  /** A picture with shapes that the demo model knows, as JPEG and as PPM. */
  private static Path jpeg;

  private static Path ppm;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    NativeBuild.require();
    new SyntheticData(1, 1, 224, 320, 5).write(folder, _ -> {});
    try (Stream<Path> files = Files.walk(folder)) {
      jpeg = files.filter(Picture::named).findFirst().orElseThrow();
    }
    ppm = ppmOf(jpeg, "shapes.ppm");
  }

  private static Path ppmOf(Path picture, String name) {
    Path file = folder.resolve(name);
    try (Picture decoded = Picture.read(picture)) {
      assertTrue(opencv_imgcodecs.imwrite(file.toString(), decoded.mat()));
    }
    return file;
  }

  private static List<String> linesOfJava(Path weights, double confidence, Path picture) {
    try (Detector detector =
        Detector.open(weights, DetectorOptions.DEFAULTS.withConfidence(confidence))) {
      return detector.detect(picture).stream()
          .map(found -> String.format(Locale.ROOT, "%s: %s", picture, found))
          .toList();
    }
  }

  private static List<String> quiet(List<String> lines) {
    return lines.stream().filter(line -> !line.equals(INCUBATOR_WARNING)).toList();
  }

  @Test
  void theSampleFindsWhatJavaFinds() throws IOException, InterruptedException {
    List<String> expected =
        Stream.of(jpeg, ppm).flatMap(each -> linesOfJava(DEMO, 0.3, each).stream()).toList();
    assertFalse(expected.isEmpty());
    NativeBuild.Run run = NativeBuild.run(NativeBuild.sample(), DEMO, jpeg, ppm);
    assertEquals(0, run.code(), () -> run.err().toString());
    assertEquals(expected, run.out());
    assertEquals(List.of(), quiet(run.err()));
  }

  @Test
  void theSampleFindsTheFiveObjectsOfTheDogsPicture() throws IOException, InterruptedException {
    Path weights = Shared.data("weights/yolox_nano_coco.pth").toAbsolutePath();
    Path dog = ppmOf(Shared.data("images/dog.jpg"), "dog.ppm");
    NativeBuild.Run run =
        NativeBuild.run(NativeBuild.sample(), "--confidence", "0.25", weights, dog);
    assertEquals(5, run.out().size(), () -> run.out() + " " + run.err());
    assertEquals(linesOfJava(weights, 0.25, dog), run.out());
  }

  @Test
  void misuseIsAnErrorAndNoCrash() throws IOException, InterruptedException {
    NativeBuild.Run run = NativeBuild.run(NativeBuild.test("checks"), DEMO, ppm);
    assertEquals(List.of("all checks hold"), run.out(), () -> run.err().toString());
    assertEquals(0, run.code());
  }

  @Test
  void eightThreadsFindTheSame() throws IOException, InterruptedException {
    NativeBuild.Run run =
        NativeBuild.run(NativeBuild.test("load"), DEMO, ppm, 8, 12, 0, "torch-fused");
    assertEquals(0, run.code(), () -> run.out() + " " + run.err());
    assertTrue(run.out().getLast().contains("96 calls"), run.out().getLast());
  }

  @Test
  void whatIsMissingIsSaidInALine() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("java.home"));
    Path old = Files.createDirectories(folder.resolve("old/lib/server"));
    Files.createFile(old.resolve(System.mapLibraryName("jvm")));
    Path oldHome = folder.resolve("old");
    Files.writeString(oldHome.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    String jar = folder.resolve("absent.jar").toString();
    Map<Map<String, String>, String> expected =
        Map.of(
            Map.of(),
            "No Java 25 or newer was found",
            Map.of("JAVA_HOME", folder.toString()),
            folder + " has no lib/server/libjvm",
            Map.of("YOLOX4J_JAVA_HOME", oldHome.toString()),
            oldHome + " is Java 17; expected 25 or newer",
            Map.of("JAVA_HOME", home.toString(), "YOLOX4J_CLASS_PATH", jar),
            jar + " on the class path does not exist",
            Map.of("JAVA_HOME", home.toString(), "YOLOX4J_CLASS_PATH", folder.toString()),
            "The class path lacks yolox4j");
    for (Map.Entry<Map<String, String>, String> each : expected.entrySet()) {
      NativeBuild.Run run = NativeBuild.run(each.getKey(), NativeBuild.sample(), DEMO, ppm);
      assertEquals(1, run.code());
      List<String> said = quiet(run.err());
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.getFirst().startsWith("detect: " + each.getValue()), said::toString);
      assertEquals(List.of(), run.out());
    }
  }

  @Test
  void aProcessThatHasAVirtualMachineUsesIt() throws Throwable {
    try (Arena arena = Arena.ofConfined();
        Detector detector = Detector.open(DEMO);
        Picture picture = Picture.read(jpeg)) {
      Library library =
          new Library(SymbolLookup.libraryLookup(NativeBuild.library(), Arena.global()));
      MemorySegment handle = arena.allocate(JAVA_LONG);
      assertEquals(0, library.call("yolox_open", options(arena), handle), library::error);
      MemorySegment struct = arena.allocate(32);
      struct.set(ADDRESS, 0, MemorySegment.ofAddress(picture.mat().data().address()));
      struct.set(JAVA_INT, 8, picture.width());
      struct.set(JAVA_INT, 12, picture.height());
      MemorySegment room = arena.allocate(32 * 20);
      MemorySegment found = arena.allocate(JAVA_LONG);
      long opened = handle.get(JAVA_LONG, 0);
      assertEquals(0, library.call("yolox_detect", opened, struct, room, 20L, found));
      List<Detection> expected = detector.detect(picture);
      assertEquals(expected.size(), found.get(JAVA_LONG, 0));
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).x1(), room.get(JAVA_FLOAT, i * 32L));
        assertEquals(expected.get(i).score(), room.get(JAVA_FLOAT, i * 32L + 24));
        assertEquals(expected.get(i).classId(), room.get(JAVA_INT, i * 32L + 28));
      }
      assertForward(library, arena);
      assertEquals(0, library.call("yolox_close", opened));
      assertEquals(2, library.call("yolox_close", opened));
      assertTrue(library.error().contains("has been closed"));
    }
  }

  private static void assertForward(Library library, Arena arena) throws Throwable {
    long[] shape = {1, 3, 64, 96};
    long[] strides = {3 * 64 * 96, 64 * 96, 96, 1};
    MemorySegment options = options(arena);
    options.set(ADDRESS, 32, arena.allocateFrom("torch-fused"));
    MemorySegment handle = arena.allocate(JAVA_LONG);
    assertEquals(0, library.call("yolox_open", options, handle), library::error);
    MemorySegment result = arena.allocate(ADDRESS);
    try (Detector detector =
            Detector.open(DEMO, DetectorOptions.DEFAULTS.withEngine(EngineKind.TORCH_FUSED));
        TensorHandle pictures =
            TensorHandle.view(arena.allocate(4 * strides[0]), DType.FLOAT32, shape, strides);
        TensorHandle expected = detector.forward(pictures)) {
      MemorySegment tensor = MemorySegment.ofAddress(pictures.address());
      long opened = handle.get(JAVA_LONG, 0);
      assertEquals(0, library.call("yolox_forward", opened, tensor, result), library::error);
      try (TensorHandle found = TensorHandle.borrow(result.get(ADDRESS, 0).address(), detector)) {
        assertArrayEquals(expected.shape(), found.shape());
        assertArrayEquals(expected.data().toArray(JAVA_FLOAT), found.data().toArray(JAVA_FLOAT));
      }
      // in C++ the caller deletes it
      assertEquals(0, library.call("yolox_close", opened));
    }
  }

  private static MemorySegment options(Arena arena) {
    MemorySegment options = arena.allocate(88);
    options.set(JAVA_LONG, 0, 88);
    options.set(ADDRESS, 8, arena.allocateFrom(DEMO.toString()));
    options.set(JAVA_FLOAT, 68, -1);
    options.set(JAVA_FLOAT, 72, -1);
    return options;
  }

  /** The library in this process. */
  private record Library(SymbolLookup symbols) {

    /** Calls a function whose arguments are longs and pointers. */
    int call(String name, Object... arguments) throws Throwable {
      MemoryLayout[] layouts =
          Stream.of(arguments)
              .map(argument -> argument instanceof Long ? JAVA_LONG : ADDRESS)
              .toArray(MemoryLayout[]::new);
      return (int)
          Linker.nativeLinker()
              .downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, layouts))
              .invokeWithArguments(arguments);
    }

    String error() {
      try {
        MemorySegment text =
            (MemorySegment)
                Linker.nativeLinker()
                    .downcallHandle(
                        symbols.findOrThrow("yolox_last_error"), FunctionDescriptor.of(ADDRESS))
                    .invoke();
        return text.reinterpret(Long.MAX_VALUE).getString(0);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
