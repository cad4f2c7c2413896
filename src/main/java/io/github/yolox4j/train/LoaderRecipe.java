package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;

/**
 * How pictures are read.
 *
 * @param threads how many threads make samples; 0 for as many as there are processors, at most 8
 * @param cache where decoded pictures are kept
 * @param cacheMib how much memory or disk they may take, in MiB
 * @param patience after how many seconds a sample counts as stuck
 */
public record LoaderRecipe(
    @JsonPropertyDescription("0: as many as processors") int threads,
    Cache cache,
    int cacheMib,
    @JsonPropertyDescription("seconds before a sample counts as stuck") int patience) {

  /** Where decoded pictures are kept, once they are read. */
  public enum Cache {
    /** Nowhere: every use decodes the file. */
    @JsonProperty("none")
    NONE,
    /** In memory. */
    @JsonProperty("memory")
    MEMORY,
    /** In files in the output folder. */
    @JsonProperty("disk")
    DISK
  }

  /** As many threads as processors, and a cache of at most 2 GiB. */
  public static final LoaderRecipe DEFAULT = new LoaderRecipe(0, Cache.MEMORY, 2048, 60);

  private static final int MOST_THREADS = 8;

  /** Checks the values. */
  public LoaderRecipe {
    Range.require("loader.threads", threads, 0, 1 << 10);
    Range.require("loader.cache-mib", cacheMib, 0, 1 << 24);
    Range.require("loader.patience", patience, 1, 1 << 20);
  }

  int threadCount() {
    return threads > 0
        ? threads
        : Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
  }
}
