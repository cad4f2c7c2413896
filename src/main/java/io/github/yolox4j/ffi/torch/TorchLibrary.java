package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import io.github.yolox4j.ffi.presets.NativeLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/**
 * The libtorch that is called, opened once: the one on the class path or, where a folder is named,
 * that folder's. Its messages on standard error are silenced.
 */
public final class TorchLibrary {

  /**
   * The system property that names the folder of another libtorch, for example {@code torch/lib} of
   * an installed PyTorch. JavaCPP's cannot be in the same process then.
   */
  public static final String FOLDER_PROPERTY = "yolox4j.libtorch";

  /** Below this severity libtorch is silent; a failing call is an error, which is 2. */
  private static final int FATAL = 3;

  private final String source;
  private final AbiVersion version;
  private final Map<Symbol, MethodHandle> handles = new EnumMap<>(Symbol.class);

  /**
   * What the first opening ended with; a static initialiser that throws would hide the sentence.
   */
  private static final class Holder {
    static final Optional<TorchLibrary> OPENED;
    static final Optional<YoloxException> FAILURE;

    static {
      TorchLibrary opened = null;
      YoloxException failure = null;
      try {
        Optional<Path> folder =
            Optional.ofNullable(System.getProperty(FOLDER_PROPERTY)).map(Path::of);
        folder.map(TorchLibrary::file).ifPresent(SoleLibtorch::requireOnly);
        opened = open(folder);
      } catch (YoloxException e) {
        failure = e;
      }
      OPENED = Optional.ofNullable(opened);
      FAILURE = Optional.ofNullable(failure);
    }
  }

  /** Binds every symbol of a library. */
  TorchLibrary(SymbolLookup symbols, String source) {
    this.source = source;
    MethodHandle versionOf = bind(symbols, Symbol.ABI_VERSION, "unknown");
    try {
      version = new AbiVersion((long) versionOf.invokeExact());
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    if (!version.serves(AbiVersion.OURS)) {
      throw new YoloxException(
          "%s is libtorch %s; expected %s or a later one of the same major version"
              .formatted(source, version, AbiVersion.OURS));
    }
    for (Symbol symbol : Symbol.values()) {
      handles.put(symbol, bind(symbols, symbol, version.toString()));
    }
    silence(symbols);
  }

  /**
   * Opens the library, once.
   *
   * @throws YoloxException if there is none, or one that lacks what is called
   */
  public static void load() {
    opened();
  }

  /**
   * Tells whether libtorch comes from a folder, in which case JavaCPP's is another one.
   *
   * @return whether {@link #FOLDER_PROPERTY} is set
   */
  public static boolean foreign() {
    return System.getProperty(FOLDER_PROPERTY) != null;
  }

  /**
   * {@return the version of the library, for example {@code 2.10.0}}
   *
   * @throws YoloxException if there is none, or one that lacks what is called
   */
  public static String version() {
    return opened().version.toString();
  }

  static TorchLibrary opened() {
    if (Holder.FAILURE.isPresent()) {
      throw Holder.FAILURE.get();
    }
    return Holder.OPENED.orElseThrow();
  }

  static TorchLibrary open(Optional<Path> folder) {
    return folder.isPresent() ? ofFolder(folder.get()) : ofClassPath();
  }

  private static TorchLibrary ofClassPath() {
    try {
      SoleLibtorch.requireClassPaths();
      NativeLibraries.load(torch.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new YoloxException(
          ("libtorch cannot be loaded: %s; the class path needs org.bytedeco:pytorch, openblas and"
                  + " javacpp with this platform's classifier, or -D%s a folder with libtorch")
              .formatted(e.getMessage(), FOLDER_PROPERTY),
          e);
    }
    return new TorchLibrary(SymbolLookup.loaderLookup(), "the libtorch on the class path");
  }

  private static Path file(Path folder) {
    return folder.resolve(System.mapLibraryName("torch_cpu"));
  }

  @SuppressWarnings("restricted")
  private static TorchLibrary ofFolder(Path folder) {
    Path file = file(folder);
    if (!Files.isRegularFile(file)) {
      throw new YoloxException("%s has no %s".formatted(folder, file.getFileName()));
    }
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new YoloxException(
          "%s cannot be loaded: %s; the libraries that it needs are looked for beside it"
              .formatted(file, e.getMessage()),
          e);
    }
    return new TorchLibrary(symbols, file.toString());
  }

  @SuppressWarnings("restricted")
  private MethodHandle bind(SymbolLookup symbols, Symbol symbol, String found) {
    MemorySegment function =
        symbols
            .find(symbol.exported())
            .orElseThrow(
                () ->
                    new YoloxException(
                        "%s, version %s, lacks %s, which libtorch %s has"
                            .formatted(source, found, symbol.exported(), AbiVersion.OURS)));
    return Linker.nativeLinker().downcallHandle(function, symbol.descriptor(), symbol.options());
  }

  /** A build with another logging library has no such variable, and goes on talking. */
  @SuppressWarnings("restricted")
  private static void silence(SymbolLookup symbols) {
    symbols
        .find("FLAGS_caffe2_log_level")
        .ifPresent(level -> level.reinterpret(Integer.BYTES).set(ValueLayout.JAVA_INT, 0, FATAL));
  }

  MethodHandle handle(Symbol symbol) {
    return handles.get(symbol);
  }

  AbiVersion abiVersion() {
    return version;
  }
}
