package io.github.yolox4j.dist;

import java.util.List;
import org.bytedeco.pytorch.BoolVector;
import org.bytedeco.pytorch.LoggerOptional;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.Reducer;
import org.bytedeco.pytorch.SizeTStringMap;
import org.bytedeco.pytorch.SizeTVector;
import org.bytedeco.pytorch.SizeTVectorVector;
import org.bytedeco.pytorch.T_SizeTVectorVectorSizeTVector_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's {@code Reducer}, the engine of its DistributedDataParallel, with that class's
 * defaults: buckets of 25 MiB, the first of 1 MiB, of which the gradients are views.
 */
final class ReducedGradients implements GradientAverage {

  private static final long BUCKET_BYTES = 25L << 20;
  private static final long FIRST_BUCKET_BYTES = 1L << 20;

  private final RankGroup ranks;
  private final Reducer reducer;

  ReducedGradients(RankGroup ranks, ProcessGroup group, List<Tensor> parameters) {
    this.ranks = ranks;
    try (TensorVector tensors = new TensorVector(parameters.toArray(Tensor[]::new));
        BoolVector sparse = new BoolVector(new boolean[parameters.size()]);
        SizeTVector limits = new SizeTVector(FIRST_BUCKET_BYTES, BUCKET_BYTES);
        LongVector order = new LongVector();
        LoggerOptional logger = new LoggerOptional();
        SizeTStringMap names = new SizeTStringMap()) {
      ranks.guarded(() -> torch.verify_params_across_processes(group, tensors, logger));
      try (T_SizeTVectorVectorSizeTVector_T assigned =
              torch.compute_bucket_assignment_by_size(tensors, limits, sparse, order, logger);
          SizeTVectorVector buckets = reversed(assigned.get0())) {
        reducer =
            new Reducer(
                tensors,
                buckets,
                group,
                sparse,
                BUCKET_BYTES,
                false, // all parameters take part in every pass
                true,
                names,
                FIRST_BUCKET_BYTES,
                false,
                false);
      }
    }
  }

  /** The last layers' gradients are ready first. */
  private static SizeTVectorVector reversed(SizeTVectorVector buckets) {
    long count = buckets.size();
    SizeTVectorVector reversed = new SizeTVectorVector(count);
    for (long i = 0; i < count; i++) {
      reversed.put(i, buckets.get(count - 1 - i));
    }
    return reversed;
  }

  @Override
  public void beforeForward() {
    // in the order in which the first backward pass made the gradients
    ranks.guarded(reducer::rebuild_buckets);
    reducer.prepare_for_forward();
  }

  @Override
  public void backward(Runnable pass) {
    try (TensorVector none = new TensorVector()) {
      reducer.prepare_for_backward(none);
    }
    ranks.guarded(pass);
  }

  @Override
  public void close() {
    reducer.close();
  }
}
