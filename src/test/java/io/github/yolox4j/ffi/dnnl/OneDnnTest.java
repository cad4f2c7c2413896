package io.github.yolox4j.ffi.dnnl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.dnnl.Primitive.Argument;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnTest {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  @BeforeEach
  void requireOneDnn() {
    assumeTrue(OneDnn.absence().isEmpty(), () -> OneDnn.absence().get());
  }

  @Test
  void artifactIsTheBuilds() throws IOException {
    Matcher build =
        Pattern.compile("<dnnl.version>([\\d.]+)-[^<]*<")
            .matcher(Files.readString(Shared.checkout("pom.xml")));
    assertTrue(build.find());
    assertTrue(OneDnnLibrary.ARTIFACT.contains(":" + build.group(1) + "-"));
    assertTrue(OneDnn.version().startsWith(build.group(1) + "."), OneDnn.version());
  }

  @Test
  void productIsThatOfTheMatrices() {
    try (Arena arena = Arena.ofConfined()) {
      TensorLayout left = TensorLayout.rowMajor(arena, ElementType.FLOAT, 2, 3);
      TensorLayout right = TensorLayout.rowMajor(arena, ElementType.FLOAT, 3, 2);
      TensorLayout target = TensorLayout.rowMajor(arena, ElementType.FLOAT, 2, 2);
      TensorLayout bias = TensorLayout.rowMajor(arena, ElementType.FLOAT, 1, 2);
      MemorySegment result = floats(arena, 100, 200, 300, 400);
      Primitive primitive =
          Primitive.compile(
              arena,
              new MatrixProduct(
                  left, right, bias, target, new Attributes(false, PostActivation.RELU, true)));
      primitive
          .bind(arena)
          .with(Argument.SOURCE, left, floats(arena, 1, 2, 3, 4, 5, 6))
          .with(Argument.WEIGHTS, right, floats(arena, 1, 0, 0, 1, -1, -1))
          .with(Argument.BIAS, bias, floats(arena, 0.5f, 0.25f))
          .with(Argument.TARGET, target, result)
          .withScratchpad(arena.allocate(Math.max(64, primitive.scratchpadBytes()), 64))
          .build()
          .run();
      // (1-3, 2-3; 4-6, 5-6) + bias, not below 0, added to what was there
      assertArrayEquals(new float[] {100, 200, 300, 400}, result.toArray(FLOAT));
    }
  }

  @Test
  void conversionFollowsStrides() {
    try (Arena arena = Arena.ofConfined()) {
      TensorLayout bytes =
          TensorLayout.strided(arena, ElementType.BYTE, new long[] {2, 2}, new long[] {1, 2});
      TensorLayout floats = TensorLayout.rowMajor(arena, ElementType.FLOAT, 2, 2);
      MemorySegment target = arena.allocate(64, 64);
      bytes.convert(
          arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2, (byte) 3, (byte) -1),
          floats,
          target);
      assertArrayEquals(
          new float[] {1, 3, 2, 255}, target.asSlice(0, floats.bytes()).toArray(FLOAT));
      assertEquals(16, floats.bytes());
      assertTrue(floats.sameAs(floats.copy(arena)));
      assertFalse(floats.sameAs(bytes));
    }
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      TensorLayout matrix = TensorLayout.rowMajor(arena, ElementType.FLOAT, 2, 3);
      String message =
          assertThrows(
                  YoloxException.class,
                  () ->
                      Primitive.compile(
                          arena, new MatrixProduct(matrix, matrix, null, matrix, Attributes.NONE)))
              .getMessage();
      assertEquals("oneDNN failed to plan a matrix product: invalid_arguments", message);
    }
  }

  @Test
  void jobRunsOnEveryThreadOfTheTeamAndItsFailureIsTold() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger runs = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      var job =
          new ThreadTeam.Job(
              arena,
              () -> {
                threads.add(Thread.currentThread());
                runs.incrementAndGet();
              });
      job.run(3);
      assertEquals(3, runs.get());
      assertEquals(3, threads.size());
      assertTrue(threads.contains(Thread.currentThread()));
      job.run(1);
      assertEquals(4, runs.get());
      var failing =
          new ThreadTeam.Job(
              arena,
              () -> {
                throw new IllegalArgumentException("broken");
              });
      assertThrows(IllegalStateException.class, () -> failing.run(2));
    }
  }

  private static MemorySegment floats(Arena arena, float... values) {
    MemorySegment segment = arena.allocate(Math.max(64, 4L * values.length), 64);
    MemorySegment.copy(values, 0, segment, FLOAT, 0, values.length);
    return segment.asSlice(0, 4L * values.length);
  }
}
