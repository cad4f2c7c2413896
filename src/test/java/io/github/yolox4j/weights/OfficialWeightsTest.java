package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.model.OfficialModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OfficialWeightsTest {

  private static final Path HOME = Path.of("/home/user");

  @Test
  void namesTheReleasedFiles() {
    assertEquals(
        "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.pth",
        OfficialWeights.uri(OfficialModel.NANO).toString());
    assertTrue(
        OfficialWeights.uri(OfficialModel.DARKNET53).toString().endsWith("/yolox_darknet.pth"));
    assertEquals(HOME.resolve("yolox_s.pth"), OfficialWeights.cached(OfficialModel.S, HOME));
  }

  @Test
  void theCacheIsWhereTheSystemKeepsCaches() {
    assertEquals(HOME.resolve(".cache/yolox4j"), folder(Map.of(), "Linux"));
    assertEquals(Path.of("/big/yolox4j"), folder(Map.of("XDG_CACHE_HOME", "/big"), "Linux"));
    assertEquals(
        HOME.resolve(".cache/yolox4j"), folder(Map.of("XDG_CACHE_HOME", "relative"), "Linux"));
    assertEquals(HOME.resolve("Library/Caches/yolox4j"), folder(Map.of(), "Mac OS X"));
    assertEquals(HOME.resolve("AppData/Local/yolox4j"), folder(Map.of(), "Windows 11"));
    assertEquals(Path.of("/local/yolox4j"), folder(Map.of("LOCALAPPDATA", "/local"), "Windows 11"));
    assertTrue(OfficialWeights.cacheFolder().endsWith("yolox4j"));
  }

  private static Path folder(Map<String, String> environment, String system) {
    return OfficialWeights.cacheFolder(environment, system, HOME);
  }
}
