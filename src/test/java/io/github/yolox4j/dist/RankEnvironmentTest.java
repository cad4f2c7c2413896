package io.github.yolox4j.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankEnvironmentTest {

  private static Map<String, String> torchrun() {
    return new HashMap<>(
        Map.of(
            "RANK", "5",
            "WORLD_SIZE", "8",
            "LOCAL_RANK", "1",
            "LOCAL_WORLD_SIZE", "4",
            "MASTER_ADDR", "node0",
            "MASTER_PORT", "29500",
            "TORCHELASTIC_USE_AGENT_STORE", "True",
            "TORCHELASTIC_RESTART_COUNT", "2"));
  }

  @Test
  void torchrunsVariablesTellThePlace() {
    assertEquals(
        Optional.of(new RankEnvironment(5, 8, 1, 4, "node0", 29500, true, "2")),
        RankEnvironment.of(torchrun()));
  }

  @Test
  void kubernetesOperatorsTellLess() {
    assertEquals(
        Optional.of(new RankEnvironment(1, 2, 0, 1, "master-0", 23456, false, "0")),
        RankEnvironment.of(
            Map.of(
                "RANK",
                "1",
                "WORLD_SIZE",
                "2",
                "MASTER_ADDR",
                "master-0",
                "MASTER_PORT",
                "23456")));
  }

  @Test
  void slurmsVariablesTellThePlace() {
    assertEquals(
        Optional.of(new RankEnvironment(3, 4, 1, 2, "n1", 29400, false, "0")),
        RankEnvironment.of(
            Map.of(
                "SLURM_PROCID", "3",
                "SLURM_NTASKS", "4",
                "SLURM_LOCALID", "1",
                "SLURM_NTASKS_PER_NODE", "2",
                "MASTER_ADDR", "n1",
                "MASTER_PORT", "29400")));
  }

  @Test
  void aProcessAloneHasNone() {
    assertEquals(Optional.empty(), RankEnvironment.of(Map.of()));
    assertEquals(Optional.empty(), RankEnvironment.of(Map.of("RANK", "0", "WORLD_SIZE", "1")));
    assertEquals(Optional.empty(), RankEnvironment.of(Map.of("SLURM_PROCID", "0")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MASTER_ADDR | | The environment has no MASTER_ADDR; training on several ranks needs RANK,"
            + " WORLD_SIZE, MASTER_ADDR and MASTER_PORT",
        "RANK | | The environment has no RANK; training on several ranks needs RANK, WORLD_SIZE,"
            + " MASTER_ADDR and MASTER_PORT",
        "RANK | 8 | The environment's RANK is 8; expected 0 to 7",
        "RANK | first | The environment's RANK is 'first'; expected a whole number",
        "MASTER_PORT | 70000 | The environment's MASTER_PORT is 70000; expected 1 to 65535",
        "LOCAL_RANK | 4 | The environment's LOCAL_RANK is 4; expected 0 to 3"
      })
  void whatIsMissingOrMakesNoSenseIsNamed(String name, String value, String message) {
    Map<String, String> environment = torchrun();
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
    assertEquals(
        message,
        assertThrows(YoloxException.class, () -> RankEnvironment.of(environment)).getMessage());
  }
}
