package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.dist.GradientAverage;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.model.StrictYaml;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.WeightGradients;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network that learns: the network with its loss, optimizer, moving average and, in 16 bits,
 * gradient scale, all on one device. A step is one or more calls of {@link #accumulate}, then
 * {@link #update}. For one thread; owns native memory until it is closed. Steps leave native
 * objects to the innermost open {@link Scope}, one of which is opened around each.
 */
public final class Learner implements AutoCloseable {

  private final PointerScope objects = new PointerScope();
  private final Recipe recipe;
  private final ComputeDevice device;
  private final Precision precision;
  private final TrainableNetwork network;
  private final Optional<MovingAverage> average;
  private final GradientAverage gradients;
  private final Backpropagation propagation;
  private final DetectionLoss loss;
  private final Sgd sgd;
  private final Optional<GradientScaler> scaler;

  /**
   * Moves a network to its device and prepares its training.
   *
   * @param network the network, which this now owns
   * @param recipe its optimizer, average, loss and what is frozen
   * @param device where it learns
   * @param precision what convolutions compute in; with 64 bits everything does
   * @param ranks the processes that learn together; to be closed after this
   * @param notices is told of what cannot run here as it should
   * @throws YoloxException if the recipe freezes what there is not
   */
  public Learner(
      YoloX network,
      Recipe recipe,
      ComputeDevice device,
      Precision precision,
      Ranks ranks,
      Consumer<String> notices) {
    this(
        network,
        recipe,
        device,
        precision,
        ranks,
        notices,
        (trainable, gradients) -> {
          boolean full = precision == Precision.FP32 || precision == Precision.FP64;
          return ranks.size() == 1 && full && !device.cuda() && WeightGradients.worthwhile()
              ? new WeightProducts(trainable)
              : new Autograd(trainable, gradients);
        });
  }

  /** Computes gradients in another way than the fastest. */
  Learner(
      YoloX network,
      Recipe recipe,
      ComputeDevice device,
      Precision precision,
      Ranks ranks,
      Consumer<String> notices,
      BiFunction<TrainableNetwork, GradientAverage, Backpropagation> propagation) {
    this.recipe = recipe;
    this.device = device;
    this.precision = precision;
    List<YoloX> networks = new ArrayList<>(List.of(network));
    objects.extend(); // the first close takes it off the thread's stack, the second frees
    try (Device target = device.toTorch()) {
      if (recipe.average().enabled()) {
        networks.add(YoloX.create(network.spec()));
      }
      ScalarType type = precision == Precision.FP64 ? ScalarType.Double : ScalarType.Float;
      for (YoloX each : networks) {
        each.to(target, type, false);
        Networks.toChannelsLast(each);
      }
      freeze(network);
      this.network = TrainableNetwork.of(network);
      average =
          networks.stream()
              .skip(1)
              .map(copy -> new MovingAverage(copy, this.network, recipe.average()))
              .findAny();
      sgd = new Sgd(this.network, recipe.optimizer().momentum(), recipe.optimizer().weightDecay());
      scaler =
          precision == Precision.FP16 ? Optional.of(new GradientScaler(target)) : Optional.empty();
      loss =
          DetectionLoss.of(
              recipe.loss().assignment(),
              recipe.loss().box(),
              recipe.loss().normalize().over(ranks),
              device,
              notices);
      gradients = ranks.gradients(this.network.trained());
      this.propagation = propagation.apply(this.network, gradients);
    } catch (RuntimeException | Error e) {
      networks.forEach(YoloX::close);
      objects.close();
      throw e;
    } finally {
      objects.close();
    }
  }

  /** Sets the network to training, except for what is frozen, its BatchNorm statistics included. */
  private void freeze(YoloX network) {
    network.train(true);
    try (var _ = new Scope()) {
      Map<String, Tensor> state = network.stateDict();
      for (String prefix : recipe.freeze()) {
        if (state.keySet().stream().noneMatch(key -> key.startsWith(prefix))) {
          throw new YoloxException(
              "'freeze' names '%s', with which no parameter begins; did you mean '%s'?"
                  .formatted(prefix, StrictYaml.nearest(prefix, state.keySet())));
        }
      }
      state.forEach(
          (key, tensor) -> {
            if (frozen(key) && tensor.is_floating_point()) {
              tensor.set_requires_grad(false);
            }
          });
      StringSharedModuleDict modules = network.named_modules("", false);
      for (long i = 0; i < modules.size() && !recipe.freeze().isEmpty(); i++) {
        Module module = modules.get(i).value();
        if (frozen(modules.get(i).key().getString())) {
          module.eval();
        }
      }
    }
  }

  private boolean frozen(String key) {
    return recipe.freeze().stream().anyMatch(key::startsWith);
  }

  /**
   * Adds a batch's gradients to those of the parameters; of {@code optimizer.accumulate} batches,
   * each has its share.
   *
   * @param pictures [B, C, H, W] on the device, in 32 bits, or in 64 where everything is
   * @param labels their objects
   * @param l1 whether the L1 loss is added
   * @return the losses before the step, on the device; owned by the caller
   */
  public Losses accumulate(Tensor pictures, Labels labels, boolean l1) {
    List<LevelOutput> levels;
    try (var _ = new Autocast(device, precision)) {
      levels = propagation.forward(pictures);
    }
    Losses losses = loss.of(levels, labels, l1);
    int batches = recipe.optimizer().accumulate();
    Tensor total = batches == 1 ? losses.total() : losses.total().div(new Scalar((double) batches));
    try {
      propagation.backward(scaler.map(each -> each.scaled(total)).orElse(total));
    } catch (RuntimeException | Error e) {
      losses.close(); // the graph, and all that it keeps, hangs on them
      throw e;
    }
    return losses;
  }

  /**
   * Changes the parameters by their gradients and the average by the parameters, and forgets the
   * gradients.
   *
   * @param rate the learning rate
   */
  public void update(double rate) {
    try (NoGradGuard _ = new NoGradGuard()) {
      Optional<Tensor> notFinite = scaler.map(each -> each.unscale(sgd.gradients()));
      if (recipe.optimizer().clipNorm() > 0) {
        Gradients.clip(sgd.gradients(), recipe.optimizer().clipNorm());
      }
      sgd.step(rate, notFinite);
      scaler.ifPresent(GradientScaler::update);
      average.ifPresent(MovingAverage::update);
    }
    forgetGradients();
  }

  /** Forgets the gradients, as of a step that failed. */
  public void forgetGradients() {
    network.network().zero_grad(true);
  }

  /**
   * {@return what has been learned: the averaged network or, where the recipe asks for none, the
   * trained one; stays this learner's}
   */
  public YoloX learned() {
    return average.map(MovingAverage::network).orElse(network).network();
  }

  /** The network that is trained. */
  TrainableNetwork network() {
    return network;
  }

  Optional<MovingAverage> average() {
    return average;
  }

  Optional<GradientScaler> scaler() {
    return scaler;
  }

  /** The momentum of the trained parameters, by their keys. */
  Map<String, Tensor> momentum() {
    return sgd.momentum();
  }

  @Override
  public void close() {
    gradients.close();
    average.ifPresent(each -> each.network().network().close());
    network.network().close();
    objects.close();
  }
}
