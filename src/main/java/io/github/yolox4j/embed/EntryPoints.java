package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.ffi.torch.TensorHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.List;

/**
 * The functions that C calls, from any thread. What an argument points to belongs to the caller and
 * is used during the call only; null pointers have been refused where the C interface forbids them.
 * Each returns a {@link Status}'s code, and its last argument is where a sentence goes.
 */
final class EntryPoints {

  /** Raised with every change of the structs that both sides know, in both at once. */
  private static final int INTERFACE_VERSION = 1;

  private static final int MAX_BATCH = 1 << 16;

  private static final StructLayout DESCRIPTION =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("class_count"),
          ADDRESS.withName("class_name"),
          ADDRESS.withName("engine"));

  private static final OpenDetectors DETECTORS = new OpenDetectors();

  private EntryPoints() {}

  /**
   * Makes the table of functions; called through JNI.
   *
   * @param version of the interface that the caller was made for
   * @return the address of the table, which lives until the process ends
   */
  static long connect(int version) throws ReflectiveOperationException {
    if (version != INTERFACE_VERSION) {
      throw new YoloxException(
          "the library has version %d of the interface, the classes have %d"
              .formatted(version, INTERFACE_VERSION));
    }
    EntryPoint[] all = EntryPoint.values();
    MemorySegment table = Arena.global().allocate(ADDRESS, all.length);
    for (int i = 0; i < all.length; i++) {
      table.setAtIndex(ADDRESS, i, stub(all[i]));
    }
    return table.address();
  }

  @SuppressWarnings("restricted")
  private static MemorySegment stub(EntryPoint entry) throws ReflectiveOperationException {
    MethodHandle method =
        MethodHandles.lookup()
            .findStatic(EntryPoints.class, entry.method(), entry.descriptor().toMethodType());
    return Linker.nativeLinker().upcallStub(method, entry.descriptor(), Arena.global());
  }

  /** What a function does; a throwable that left its stub would end the process. */
  private interface Body {
    void run();
  }

  private static int guarded(MemorySegment error, Body body) {
    try {
      body.run();
      return Status.OK.code();
    } catch (Throwable e) {
      return failed(error, e);
    }
  }

  private static int failed(MemorySegment error, Throwable thrown) {
    try {
      ErrorText.write(error, Status.sentence(thrown));
      return Status.of(thrown).code();
    } catch (Throwable second) {
      return Status.OUT_OF_MEMORY.code(); // what keeps even a sentence from being made
    }
  }

  @SuppressWarnings("restricted")
  static int open(MemorySegment options, MemorySegment handle, MemorySegment error) {
    return guarded(
        error,
        () -> {
          long opened = DETECTORS.add(new OpenRequest(options).open());
          handle.reinterpret(Long.BYTES).set(JAVA_LONG, 0, opened);
        });
  }

  static int detect(
      long handle,
      MemorySegment pictures,
      long count,
      MemorySegment detections,
      long capacity,
      MemorySegment found,
      MemorySegment error) {
    return guarded(
        error,
        () -> {
          if (count < 0 || count > MAX_BATCH) {
            throw new IllegalArgumentException(
                "count is %s; expected 0 to %d".formatted(Long.toUnsignedString(count), MAX_BATCH));
          }
          ResultArray results = new ResultArray(detections, capacity, found);
          results.write(
              DETECTORS.get(handle).use(detector -> detect(detector, pictures, (int) count)));
        });
  }

  private static List<List<Detection>> detect(Detector detector, MemorySegment structs, int count) {
    try (PictureArray array = PictureArray.of(structs, count)) {
      return detector.detect(array.pictures());
    }
  }

  static int detectFile(
      long handle,
      MemorySegment path,
      MemorySegment detections,
      long capacity,
      MemorySegment found,
      MemorySegment error) {
    return guarded(
        error,
        () -> {
          ResultArray results = new ResultArray(detections, capacity, found);
          Path file = Path.of(NativeText.read(path).orElseThrow());
          List<Detection> objects = DETECTORS.get(handle).use(detector -> detector.detect(file));
          results.write(List.of(objects));
        });
  }

  @SuppressWarnings("restricted")
  static int forward(
      long handle, MemorySegment pictures, MemorySegment predictions, MemorySegment error) {
    return guarded(
        error,
        () -> {
          OpenDetector opened = DETECTORS.get(handle);
          long tensor = opened.use(detector -> forward(detector, pictures.address()));
          predictions.reinterpret(Long.BYTES).set(JAVA_LONG, 0, tensor);
        });
  }

  private static long forward(Detector detector, long pictures) {
    try (TensorHandle input = TensorHandle.borrow(pictures, detector)) {
      return detector.forward(input).release();
    }
  }

  @SuppressWarnings("restricted")
  static int describe(long handle, long classId, MemorySegment struct, MemorySegment error) {
    return guarded(
        error,
        () -> {
          OpenDetector detector = DETECTORS.get(handle);
          List<MemorySegment> names = detector.classNames();
          MemorySegment description = struct.reinterpret(DESCRIPTION.byteSize());
          description.set(JAVA_LONG, offset("class_count"), names.size());
          description.set(
              ADDRESS,
              offset("class_name"),
              classId >= 0 && classId < names.size()
                  ? names.get((int) classId)
                  : MemorySegment.NULL);
          description.set(ADDRESS, offset("engine"), detector.engine());
        });
  }

  private static long offset(String field) {
    return DESCRIPTION.byteOffset(PathElement.groupElement(field));
  }

  static int close(long handle, MemorySegment error) {
    return guarded(error, () -> DETECTORS.close(handle));
  }
}
