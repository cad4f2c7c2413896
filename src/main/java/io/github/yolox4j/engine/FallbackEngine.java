package io.github.yolox4j.engine;

import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.plan.UnsupportedPlanException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An engine that compiles plans, and another for the shapes for which there is none; a listener is
 * told.
 */
final class FallbackEngine implements Engine {

  private final Engine preferred;
  private final Supplier<Engine> maker;
  private final Consumer<String> notices;
  private final Usage usage = new Usage();
  private Engine substitute; // null until a shape needs it

  FallbackEngine(Engine preferred, Supplier<Engine> maker, Consumer<String> notices) {
    this.preferred = preferred;
    this.maker = maker;
    this.notices = notices;
  }

  @Override
  public ModelSpec spec() {
    return preferred.spec();
  }

  @Override
  public EngineKind kind() {
    return preferred.kind();
  }

  @Override
  public String description() {
    return preferred.description();
  }

  @Override
  public InferenceRequest request(int batch, int height, int width) {
    try (var _ = usage.begin()) {
      return preferred.request(batch, height, width);
    } catch (UnsupportedPlanException e) {
      try (var _ = usage.begin()) {
        Engine engine = substitute();
        notices.accept(
            "%s; %s runs %dx%d in batches of %d instead"
                .formatted(e.getMessage(), engine.description(), width, height, batch));
        return engine.request(batch, height, width);
      }
    }
  }

  private synchronized Engine substitute() {
    if (substitute == null) {
      substitute = maker.get();
    }
    return substitute;
  }

  @Override
  public void close() {
    usage.end(
        () -> {
          preferred.close();
          if (substitute != null) {
            substitute.close();
          }
        });
  }
}
