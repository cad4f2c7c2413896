package io.github.yolox4j.dist;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BackendOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Several processes, joined by libtorch's c10d. */
final class RankGroup implements Ranks {

  /** How long the ranks that are left wait for a word of the one that is not. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final RankEnvironment place;
  private final ComputeDevice device;
  private final Duration patience;
  private final MeetingPoint point;
  private final PrefixStore store;
  private final Backend backend;
  private final ProcessGroup group;

  private RankGroup(
      RankEnvironment place, ComputeDevice device, Duration patience, MeetingPoint point) {
    this.place = place;
    this.device = device;
    this.patience = patience;
    this.point = point;
    this.store = new PrefixStore("c10d/" + place.attempt(), point.store());
    this.backend =
        device.cuda()
            ? NcclBackend.make(store, place, patience)
            : GlooBackend.make(store, place, patience);
    this.group = new ProcessGroup(place.rank(), place.size());
    ProcessGroup.BackendType type =
        device.cuda() ? ProcessGroup.BackendType.NCCL : ProcessGroup.BackendType.GLOO;
    try (BackendOptional chosen = new BackendOptional(backend)) {
      group.setBackend(device.cuda() ? DeviceType.CUDA : DeviceType.CPU, type, chosen);
    }
    group.setDefaultBackend(type);
  }

  static RankGroup join(RankEnvironment place, ComputeDevice device, Duration patience) {
    MeetingPoint point = MeetingPoint.of(place, patience);
    try {
      return new RankGroup(place, device, patience, point);
    } catch (RuntimeException e) {
      String message =
          "Rank %d did not get together with the %d others: %s"
              .formatted(place.rank(), place.size() - 1, Collective.reason(e));
      point.close();
      throw new YoloxException(message, e);
    }
  }

  @Override
  public int rank() {
    return place.rank();
  }

  @Override
  public int size() {
    return place.size();
  }

  // ---- collectives

  @Override
  public void broadcast(List<Tensor> tensors) {
    asOne(tensors, this::broadcast);
  }

  @Override
  public void average(List<Tensor> tensors) {
    asOne(tensors, flat -> sum(flat).div_(new Scalar((double) size())));
  }

  /** Works on tensors of one type as one, so that it takes one exchange. */
  private void asOne(List<Tensor> tensors, Consumer<Tensor> exchange) {
    Map<ScalarType, List<Tensor>> byType =
        tensors.stream()
            .collect(Collectors.groupingBy(Tensors::type, LinkedHashMap::new, Collectors.toList()));
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      for (List<Tensor> alike : byType.values()) {
        Tensor[] rows = alike.stream().map(t -> t.reshape(-1)).toArray(Tensor[]::new);
        Tensor flat = torch.cat(new TensorVector(rows));
        exchange.accept(flat);
        long from = 0;
        for (Tensor each : alike) {
          each.copy_(flat.narrow(0, from, each.numel()).view(each.sizes()));
          from += each.numel();
        }
      }
    }
  }

  private void broadcast(Tensor tensor) {
    await(() -> group.broadcast(new TensorVector(tensor)));
  }

  @Override
  public Tensor sum(Tensor tensor) {
    try (var _ = new Scope()) {
      await(() -> group.allreduce(new TensorVector(tensor)));
    }
    return tensor;
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    try (var _ = new Scope();
        Device target = device.toTorch()) {
      long[] lengths = lengths(own.length, target);
      long longest = Math.max(1, Arrays.stream(lengths).max().orElse(1));
      if (longest * size() > Integer.MAX_VALUE) {
        throw new YoloxException(
            "A rank has %d bytes for each of %d ranks, more than fit into 2 GiB"
                .formatted(longest, size()));
      }
      Tensor mine = Tensors.empty(ScalarType.Byte, longest);
      MemorySegment.copy(own, 0, Tensors.bytes(mine), JAVA_BYTE, 0, own.length);
      Tensor all = Tensors.empty(ScalarType.Byte, longest * size()).to(target, ScalarType.Byte);
      await(() -> group._allgather_base(all, mine.to(target, ScalarType.Byte)));
      Tensor here = all.cpu();
      MemorySegment bytes = Tensors.bytes(here);
      List<byte[]> parts = new ArrayList<>();
      for (int i = 0; i < size(); i++) {
        parts.add(bytes.asSlice(i * longest, lengths[i]).toArray(JAVA_BYTE));
      }
      return parts;
    }
  }

  private long[] lengths(int own, Device target) {
    long[] lengths = new long[size()];
    lengths[rank()] = own;
    Tensor all = sum(Tensors.of(lengths, lengths.length).to(target, ScalarType.Long)).cpu();
    return Tensors.bytes(all).toArray(JAVA_LONG);
  }

  @Override
  public GradientAverage gradients(List<Tensor> parameters) {
    return new ReducedGradients(this, group, parameters);
  }

  private void await(Supplier<Work> exchange) {
    guarded(
        () -> {
          try (Work work = exchange.get()) {
            work._wait();
          }
        });
  }

  /** Runs what may fail because another rank did, and then says so. */
  void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      throw Collective.failed(e) ? new YoloxException(why(e), e) : e;
    }
  }

  // ---- failures

  /** What is known of why an exchange failed. */
  private String why(RuntimeException thrown) {
    try {
      List<Integer> missing = point.missing(rank(), size(), LAST_WORDS);
      Optional<MeetingPoint.Failure> first = point.failure();
      if (first.isPresent()) {
        return "Rank %d failed: %s".formatted(first.get().rank(), first.get().sentence());
      }
      if (!missing.isEmpty()) {
        return "%s of %d was lost: %s"
            .formatted(
                missing.stream()
                    .map(String::valueOf)
                    .collect(
                        Collectors.joining(", ", missing.size() == 1 ? "Rank " : "Ranks ", "")),
                size(),
                Collective.reason(thrown));
      }
      return "An exchange between the ranks failed, or took longer than %d s: %s"
          .formatted(patience.toSeconds(), Collective.reason(thrown));
    } catch (RuntimeException e) {
      return "Rank 0, which the ranks meet at, was lost: " + Collective.reason(thrown);
    }
  }

  @Override
  public void failed(String sentence) {
    try {
      point.failed(rank(), sentence);
      if (first() && !place.hosted()) {
        // the others cannot read it when this process has ended
        point.missing(rank(), size(), LAST_WORDS);
      }
    } catch (RuntimeException unreachable) {
      // then nobody is left to tell
    }
  }

  @Override
  public void close() {
    group.close();
    backend.close();
    store.close();
    point.close();
  }
}
