package io.github.yolox4j.proof;

import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a proof examines with what.
 *
 * @param device what computes
 * @param models the models that are checked and measured, most wanted first
 * @param figures what the reference gives; checks that need it are skipped without
 * @param trained weights that know the synthetic shapes; checks that need them are skipped without
 * @param seconds how long each batch is measured
 * @param scratch a folder for files that are needed meanwhile
 */
public record Subject(
    ComputeDevice device,
    List<OfficialModel> models,
    Optional<ReferenceFigures> figures,
    Optional<Path> trained,
    double seconds,
    Path scratch) {

  /** Runs a check that needs the reference's figures. */
  Finding withFigures(Function<ReferenceFigures, Finding> check) {
    return figures.map(check).orElseGet(() -> Finding.skipped("it needs the reference's figures"));
  }

  /** Runs a check that needs trained weights. */
  Finding withTrained(Function<Path, Finding> check) {
    return trained.map(check).orElseGet(() -> Finding.skipped("it needs the demo weights"));
  }
}
