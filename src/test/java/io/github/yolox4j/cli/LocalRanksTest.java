package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.train.RunFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on two ranks, as processes that can be killed. */
class LocalRanksTest {

  @TempDir static Path shapes;

  @TempDir Path folder;

  @BeforeAll
  static void draw() {
    new SyntheticData(12, 4, 96, 96, 3).write(shapes, _ -> {});
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("train", "-d", shapes.toString(), "-o", folder.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Ends all ranks too. */
  private static void end(Process launcher) {
    launcher.descendants().forEach(ProcessHandle::destroyForcibly);
    launcher.destroyForcibly();
  }

  @Test
  void aKilledRankEndsAllAndTheRunGoesOn() throws Exception {
    Process launcher =
        start(
            "--devices",
            "2",
            "--device",
            "cpu",
            "--epochs",
            "20",
            "--batch",
            "4",
            "--size",
            "96",
            "--set",
            "multiscale.every=0",
            "--set",
            "no-augmentation-epochs=1");
    List<String> rest = new ArrayList<>();
    try (BufferedReader errors = launcher.errorReader()) {
      for (int steps = 0; steps < 2; ) {
        String line = errors.readLine();
        assertTrue(line != null, () -> "ended too early: " + rest);
        rest.add(line);
        steps += line.startsWith("epoch ") ? 1 : 0;
      }
      ProcessHandle second =
          launcher.children().max(Comparator.comparingLong(ProcessHandle::pid)).orElseThrow();
      List<ProcessHandle> all = launcher.children().toList();
      assertEquals(2, all.size());
      rest.clear();
      second.destroyForcibly();
      assertTrue(launcher.waitFor(30, TimeUnit.SECONDS));
      assertTrue(all.stream().noneMatch(ProcessHandle::isAlive));
      errors.lines().filter(line -> line.startsWith("yolox: ")).forEach(rest::add);
    } finally {
      end(launcher);
    }
    assertEquals(Main.FAILED, launcher.exitValue());
    assertEquals(1, rest.size(), rest.toString());
    assertTrue(rest.getFirst().startsWith("yolox: Rank 1 of 2 was lost: "), rest.toString());
    assertTrue(Files.size(new RunFolder(folder).latest()) > 0);

    Process alone = start("--resume", "--device", "cpu", "--threads", "1");
    try (BufferedReader errors = alone.errorReader()) {
      List<String> lines = errors.lines().toList();
      assertEquals(Main.DONE, alone.waitFor(), lines.toString());
      assertTrue(
          lines.stream().anyMatch(line -> line.startsWith("Going on to train nano")),
          lines.toString());
    } finally {
      end(alone);
    }
  }
}
