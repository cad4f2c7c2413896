package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.Attributes;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.Execution;
import io.github.yolox4j.ffi.dnnl.MatrixProduct;
import io.github.yolox4j.ffi.dnnl.Primitive;
import io.github.yolox4j.ffi.dnnl.Primitive.Argument;
import io.github.yolox4j.ffi.dnnl.TensorLayout;
import io.github.yolox4j.ffi.dnnl.ThreadTeam;
import io.github.yolox4j.model.Activation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A 3x3 convolution by {@link Winograd}'s method. The tiles of all pictures are taken in blocks
 * whose transforms stay in the processor's cache; each thread of the team takes the next block.
 */
final class WinogradStep implements Step {

  /** Transformed sources and products of a block: about what a core's caches hold. */
  private static final long BLOCK_BYTES = 1 << 21;

  private static final int LEAST_TILES = 12;

  private final Task.Convolve task;
  private final Plan plan;
  private final int inputs;
  private final int outputs;
  private final int height;
  private final int width;
  private final int tileColumns;
  private final int tilesPerPicture;
  private final int tiles;
  private final int blockTiles;
  private final int blocks;
  private final boolean half;
  private final int elementBytes;
  private final Activation activation;
  private final MemorySegment bias;
  private final Product full;
  private final Product last; // of the tiles that are left over
  private final int workers;

  /** The products of the points of so many tiles. */
  private record Product(
      int tiles,
      Primitive primitive,
      TensorLayout source,
      TensorLayout target,
      MemorySegment weights) {

    static Product of(Task.Convolve task, Plan plan, int tiles, int inputs, int outputs) {
      Arena arena = plan.arena();
      TensorLayout source =
          TensorLayout.rowMajor(arena, ElementType.FLOAT, Winograd.POINTS, tiles, inputs);
      TensorLayout target =
          TensorLayout.rowMajor(arena, ElementType.FLOAT, Winograd.POINTS, tiles, outputs);
      TensorLayout any =
          TensorLayout.chosenByReader(
              arena, ElementType.FLOAT, KernelForm.WINOGRAD.dimensions(task.convolutions()));
      Primitive primitive =
          plan.optimised(
              Primitive.compile(
                  arena, new MatrixProduct(source, any, null, target, Attributes.NONE)),
              task.name());
      MemorySegment weights =
          plan.kernels().weights(task.convolutions(), KernelForm.WINOGRAD, primitive.weights());
      return new Product(tiles, primitive, source, target, weights);
    }

    Execution bind(Arena arena, MemorySegment points, MemorySegment products, MemorySegment rest) {
      return primitive
          .bind(arena)
          .with(Argument.SOURCE, source, points)
          .with(Argument.WEIGHTS, primitive.weights(), weights)
          .with(Argument.TARGET, target, products)
          .withScratchpad(rest)
          .build();
    }
  }

  WinogradStep(Task.Convolve task, Plan plan) {
    this.task = task;
    this.plan = plan;
    this.inputs = task.source().channels();
    this.outputs = task.target().channels();
    int stride = task.target().block().stride();
    this.height = plan.shape().height() / stride;
    this.width = plan.shape().width() / stride;
    this.tileColumns = Math.ceilDiv(width, Winograd.TILE);
    this.tilesPerPicture = tileColumns * Math.ceilDiv(height, Winograd.TILE);
    this.tiles = plan.shape().batch() * tilesPerPicture;
    this.half = plan.type() == ElementType.BFLOAT16;
    this.elementBytes = plan.type().bytes();
    this.activation = task.first().activation().orElseThrow();
    this.bias = plan.kernels().bias(task.convolutions());
    long tileBytes = (long) Winograd.POINTS * (inputs + outputs) * Float.BYTES;
    int most = (int) Math.max(LEAST_TILES, BLOCK_BYTES / tileBytes);
    // as many blocks for each thread
    int rounds = Math.ceilDiv(tiles, most * plan.threads());
    this.blockTiles = Math.ceilDiv(tiles, Math.min(tiles, rounds * plan.threads()));
    this.blocks = Math.ceilDiv(tiles, blockTiles);
    this.workers = Math.min(plan.threads(), blocks);
    ThreadTeam.resize(1); // the threads share the blocks, not a product
    try {
      this.full = Product.of(task, plan, blockTiles, inputs, outputs);
      int left = tiles - (blocks - 1) * blockTiles;
      this.last = left == blockTiles ? full : Product.of(task, plan, left, inputs, outputs);
    } finally {
      ThreadTeam.resize(plan.threads());
    }
  }

  private long pointsBytes() {
    return MemoryMap.aligned((long) Winograd.POINTS * blockTiles * inputs * Float.BYTES);
  }

  private long productsBytes() {
    return MemoryMap.aligned((long) Winograd.POINTS * blockTiles * outputs * Float.BYTES);
  }

  private long patchBytes() {
    return MemoryMap.aligned((long) Winograd.POINTS * inputs * Float.BYTES);
  }

  private long restBytes() {
    return MemoryMap.aligned(
        Math.max(full.primitive.scratchpadBytes(), last.primitive.scratchpadBytes()));
  }

  private long workerBytes() {
    return pointsBytes()
        + productsBytes()
        + patchBytes()
        + WinogradTransform.SCRATCH_BYTES
        + WinogradTransform.TILE_BYTES
        + restBytes();
  }

  @Override
  public long scratchBytes() {
    return workers * workerBytes();
  }

  @Override
  public Runnable bind(Workspace workspace) {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger ticket = new AtomicInteger();
    List<Worker> team = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      team.add(new Worker(workspace, workspace.scratch() + i * workerBytes()));
    }
    ThreadTeam.Job job =
        new ThreadTeam.Job(workspace.arena(), () -> team.get(ticket.getAndIncrement()).work(next));
    return () -> {
      next.set(0);
      ticket.set(0);
      job.run(workers);
    };
  }

  /** One thread's memory and products. */
  private final class Worker {
    private final MemorySegment memory;
    private final long points;
    private final long products;
    private final long patch;
    private final long scratch;
    private final long tile;
    private final Execution fullProduct;
    private final Execution lastProduct;

    Worker(Workspace workspace, long start) {
      this.memory = workspace.memory();
      this.points = start;
      this.products = points + pointsBytes();
      this.patch = products + productsBytes();
      this.scratch = patch + patchBytes();
      this.tile = scratch + WinogradTransform.SCRATCH_BYTES;
      MemorySegment rest = memory.asSlice(tile + WinogradTransform.TILE_BYTES, restBytes());
      MemorySegment from = memory.asSlice(points);
      MemorySegment to = memory.asSlice(products);
      this.fullProduct = full.bind(workspace.arena(), from, to, rest);
      this.lastProduct =
          last.tiles == full.tiles ? fullProduct : last.bind(workspace.arena(), from, to, rest);
    }

    void work(AtomicInteger next) {
      for (int block = next.getAndIncrement(); block < blocks; block = next.getAndIncrement()) {
        int first = block * blockTiles;
        int count = Math.min(blockTiles, tiles - first);
        for (int i = 0; i < count; i++) {
          transform(first + i, i, count);
        }
        (count == blockTiles ? fullProduct : lastProduct).run();
        for (int i = 0; i < count; i++) {
          finish(first + i, i, count);
        }
      }
    }

    private void transform(int index, int position, int count) {
      int top = row(index) - 1;
      int left = column(index) - 1;
      long pixel = (long) task.source().block().channels() * elementBytes;
      long rowBytes = pixel * width;
      long source = at(task.source(), index, top, left);
      boolean inside =
          top >= 0 && left >= 0 && top + Winograd.PATCH <= height && left + Winograd.PATCH <= width;
      long to = points + (long) position * inputs * Float.BYTES;
      long point = (long) count * inputs * Float.BYTES;
      if (inside && !half) {
        WinogradTransform.input(memory, source, rowBytes, pixel, inputs, scratch, to, point);
      } else {
        gather(source, top, left, rowBytes, pixel);
        long patchPixel = (long) inputs * Float.BYTES;
        WinogradTransform.input(
            memory, patch, Winograd.PATCH * patchPixel, patchPixel, inputs, scratch, to, point);
      }
    }

    /** Copies a patch as floats, with zeros beyond the map's edge. */
    private void gather(long source, int top, int left, long rowBytes, long pixel) {
      long patchPixel = (long) inputs * Float.BYTES;
      memory.asSlice(patch, Winograd.POINTS * patchPixel).fill((byte) 0);
      for (int y = Math.max(0, -top); y < Math.min(Winograd.PATCH, height - top); y++) {
        for (int x = Math.max(0, -left); x < Math.min(Winograd.PATCH, width - left); x++) {
          long from = source + y * rowBytes + x * pixel;
          long to = patch + (y * Winograd.PATCH + x) * patchPixel;
          if (half) {
            WinogradTransform.widen(memory, from, to, inputs);
          } else {
            MemorySegment.copy(memory, from, memory, to, patchPixel);
          }
        }
      }
    }

    private void finish(int index, int position, int count) {
      int top = row(index);
      int left = column(index);
      int rows = Math.min(Winograd.TILE, height - top);
      int columns = Math.min(Winograd.TILE, width - left);
      long pixel = (long) task.target().block().channels() * elementBytes;
      long rowBytes = pixel * width;
      long target = at(task.target(), index, top, left);
      long from = products + (long) position * outputs * Float.BYTES;
      long point = (long) count * outputs * Float.BYTES;
      for (int channel = 0; channel < outputs; channel += WinogradTransform.LANES) {
        long floats = (long) channel * Float.BYTES;
        long to = target + (long) channel * elementBytes;
        WinogradTransform.output(memory, from + floats, point, scratch, tile);
        WinogradTransform.activate(memory, tile, bias, floats, activation);
        for (int y = 0; y < rows; y++) {
          long results = tile + y * WinogradTransform.TILE_ROW;
          if (half) {
            WinogradTransform.writeHalf(
                memory, results, columns, to + y * rowBytes, pixel, task.accumulates());
          } else {
            WinogradTransform.write(
                memory, results, columns, to + y * rowBytes, pixel, task.accumulates());
          }
        }
      }
    }

    /** Where a pixel of a tile's picture lies, which may be beyond the map's edge. */
    private long at(Region region, int index, int row, int column) {
      long pixel = ((long) picture(index) * height + row) * width + column;
      return plan.offset(region.block())
          + (pixel * region.block().channels() + region.first()) * elementBytes;
    }

    private int picture(int index) {
      return index / tilesPerPicture;
    }

    private int row(int index) {
      return index % tilesPerPicture / tileColumns * Winograd.TILE;
    }

    private int column(int index) {
      return index % tileColumns * Winograd.TILE;
    }
  }
}
