package io.github.yolox4j.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call costs on tensors too small to compute anything: through this package, as the bare C
 * functions on arguments that lie ready, and through JavaCPP. The first minus the second is what
 * this package adds. On one thread; the medians are what other processes disturb least.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallBenchmark {

  private static final int CHANNELS = 8;

  private static final Operator RELU = Operator.of("aten::relu(Tensor self) -> Tensor");
  private static final Operator CAT =
      Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment name = arena.allocateFrom("aten::relu");
  private final MemorySegment overload = arena.allocateFrom("");
  private final MemorySegment stack = arena.allocate(ValueLayout.JAVA_LONG);
  private TensorHandle number;
  private TensorHandle picture;
  private TensorHandle weight;
  private TensorHandle bias;
  private FusedConvolution convolution;
  private ConvolutionArguments arguments;
  private Tensor javacpp;

  @Setup
  public void make() {
    TorchLibrary.load();
    torch.set_num_threads(1);
    number = view(1);
    picture = view(1, CHANNELS, 1, 1);
    weight = view(CHANNELS, CHANNELS, 1, 1);
    bias = view(CHANNELS);
    convolution = new FusedConvolution(weight, bias, 0, 1, 1, new PointwiseActivation.Swish());
    arguments = ConvolutionArguments.of(bias, 0, 1, 1, new PointwiseActivation.Swish());
    javacpp = torch.torch_ones(1);
  }

  private TensorHandle view(long... shape) {
    long[] strides = new long[shape.length];
    long elements = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = elements;
      elements *= shape[i];
    }
    return TensorHandle.view(
        arena.allocate(ValueLayout.JAVA_FLOAT, elements), DType.FLOAT32, shape, strides);
  }

  @TearDown
  public void free() {
    javacpp.close();
    convolution.close();
    List.of(number, picture, weight, bias).forEach(TensorHandle::close);
    arena.close();
  }

  @Benchmark
  public void operator() {
    RELU.tensor(number).close();
  }

  @Benchmark
  public void operatorBare() {
    stack.set(ValueLayout.JAVA_LONG, 0, StableAbi.newTensorHandle(number.address()));
    StableAbi.callDispatcher(name, overload, stack);
    StableAbi.deleteTensor(stack.get(ValueLayout.JAVA_LONG, 0));
  }

  @Benchmark
  public void operatorJavaCpp() {
    javacpp.relu().close();
  }

  @Benchmark
  public void list() {
    CAT.tensor(Value.list(List.of(number, number, number, number)), Value.of(0)).close();
  }

  @Benchmark
  public void convolution() {
    convolution.run(picture).close();
  }

  @Benchmark
  public void convolutionBare() {
    StableAbi.convolution(picture.address(), weight.address(), arguments, stack);
    StableAbi.deleteTensor(stack.get(ValueLayout.JAVA_LONG, 0));
  }
}
