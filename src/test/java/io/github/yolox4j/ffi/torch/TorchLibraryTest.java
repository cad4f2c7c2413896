package io.github.yolox4j.ffi.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLibraryTest {

  /** A library whose functions all return one number, which is enough to be bound. */
  @SuppressWarnings("restricted")
  private static SymbolLookup library(Arena arena, long version, String lacking) {
    MemorySegment returning =
        Linker.nativeLinker()
            .upcallStub(
                MethodHandles.constant(long.class, version),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG),
                arena);
    return name ->
        name.equals(lacking) || name.startsWith("FLAGS")
            ? Optional.empty()
            : Optional.of(returning);
  }

  private static String refusal(long version, String lacking) {
    try (Arena arena = Arena.ofConfined()) {
      return assertThrows(
              YoloxException.class,
              () -> new TorchLibrary(library(arena, version, lacking), "here"))
          .getMessage();
    }
  }

  @Test
  void libraryThatIsOlderOrOfAnotherMajorVersionIsRefused() {
    assertEquals(
        "here is libtorch 2.9.1; expected 2.10.0 or a later one of the same major version",
        refusal(0x0209_0100_0000_0000L, ""));
    assertEquals(
        "here is libtorch 3.0.0; expected 2.10.0 or a later one of the same major version",
        refusal(0x0300_0000_0000_0000L, ""));
  }

  @Test
  void laterMinorVersionIsFine() {
    try (Arena arena = Arena.ofConfined()) {
      TorchLibrary later = new TorchLibrary(library(arena, 0x020b_0200_0000_0000L, ""), "here");
      assertEquals("2.11.2", later.abiVersion().toString());
    }
  }

  @Test
  void lackingFunctionIsNamedWithBothVersions() {
    assertEquals(
        "here, version 2.11.2, lacks torch_list_size, which libtorch 2.10.0 has",
        refusal(0x020b_0200_0000_0000L, "torch_list_size"));
    assertEquals(
        "here, version unknown, lacks aoti_torch_abi_version, which libtorch 2.10.0 has",
        refusal(0, "aoti_torch_abi_version"));
  }

  @Test
  void folderWithoutLibtorchIsNamed(@TempDir Path folder) throws IOException {
    String file = System.mapLibraryName("torch_cpu");
    assertEquals(
        folder + " has no " + file,
        assertThrows(YoloxException.class, () -> TorchLibrary.open(Optional.of(folder)))
            .getMessage());
    Files.writeString(folder.resolve(file), "not a library");
    assertTrue(
        assertThrows(YoloxException.class, () -> TorchLibrary.open(Optional.of(folder)))
            .getMessage()
            .startsWith(folder.resolve(file) + " cannot be loaded: "));
  }

  @Test
  void symbolsAreThoseOfTheListAndTheLibraryHasThem() throws IOException {
    List<String> listed =
        Files.readAllLines(Shared.checkout("native-config/libtorch-symbols.txt")).stream()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    assertEquals(AbiVersion.OURS.bits(), Long.decode(listed.getFirst()));
    assertEquals(
        Arrays.stream(Symbol.values()).map(Symbol::exported).toList(),
        listed.subList(1, listed.size()));
    // opening looks every one of them up
    assertEquals(AbiVersion.OURS, TorchLibrary.opened().abiVersion());
    assertEquals("2.10.0", TorchLibrary.version());
  }

  @Test
  void numbersOfTypesAreLibtorchs() {
    assertEquals(ScalarType.Byte.value, DType.UINT8.code());
    assertEquals(ScalarType.Char.value, DType.INT8.code());
    assertEquals(ScalarType.Short.value, DType.INT16.code());
    assertEquals(ScalarType.Int.value, DType.INT32.code());
    assertEquals(ScalarType.Long.value, DType.INT64.code());
    assertEquals(ScalarType.Half.value, DType.FLOAT16.code());
    assertEquals(ScalarType.Float.value, DType.FLOAT32.code());
    assertEquals(ScalarType.Double.value, DType.FLOAT64.code());
    assertEquals(ScalarType.Bool.value, DType.BOOL.code());
    assertEquals(ScalarType.BFloat16.value, DType.BFLOAT16.code());
    assertEquals(DeviceType.CPU.value, Device.Type.CPU.code());
    assertEquals(DeviceType.CUDA.value, Device.Type.CUDA.code());
    assertEquals(DeviceType.Meta.value, Device.Type.META.code());
    assertEquals(torchLayout("Strided"), Layout.STRIDED.code());
    assertEquals(torchLayout("Mkldnn"), Layout.MKLDNN.code());
    assertEquals(
        org.bytedeco.pytorch.global.torch.MemoryFormat.ChannelsLast.value,
        MemoryFormat.CHANNELS_LAST.code());
    assertEquals(
        org.bytedeco.pytorch.global.torch.MemoryFormat.Preserve.value,
        MemoryFormat.PRESERVE.code());
    assertEquals(
        org.bytedeco.pytorch.global.torch.MemoryFormat.ChannelsLast3d.value,
        MemoryFormat.CHANNELS_LAST_3D.code());
  }

  private static int torchLayout(String name) {
    return org.bytedeco.pytorch.global.torch.Layout.valueOf(name).value;
  }
}
