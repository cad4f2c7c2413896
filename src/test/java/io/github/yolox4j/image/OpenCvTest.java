package io.github.yolox4j.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.bytedeco.opencv.global.opencv_core;
import org.junit.jupiter.api.Test;

class OpenCvTest {

  @Test
  void itsThreadsAreSetWhenItIsLoadedAndThenLeftAlone() {
    OpenCv.load();
    assertEquals(1, opencv_core.getNumThreads());
    opencv_core.setNumThreads(2);
    try (Picture _ = Picture.ofBgr(MemorySegment.ofArray(new byte[48]), 4, 4, 12)) {
      assertEquals(2, opencv_core.getNumThreads());
    } finally {
      opencv_core.setNumThreads(1);
    }
  }
}
