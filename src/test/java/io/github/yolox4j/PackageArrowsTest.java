package io.github.yolox4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.lang.foreign.Linker;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A package uses only packages below it. */
class PackageArrowsTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("test-classes"))
          .importPackages("io.github.yolox4j");

  /** From the top down; packages of one row do not use each other. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("cli"),
          List.of("report", "embed"),
          List.of("bench"),
          List.of("train"),
          List.of("eval", "export"),
          List.of("stream"),
          List.of("detect"),
          List.of("engine"),
          List.of("loss", "augment", "dist", "plan"),
          List.of("nn", "data"),
          List.of("weights"),
          List.of("model", "video"),
          List.of("image", "tensor"),
          List.of("ffi.opencv", "ffi.threads", "ffi.cuda", "ffi.dnnl", "ffi.libc", "ffi.torch"),
          List.of("ffi.presets", "files"));

  @Test
  void arrowsPointDown() {
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (List<String> row : ROWS) {
      for (String name : row) {
        architecture = architecture.layer(name).definedBy("io.github.yolox4j." + name);
      }
    }
    for (int lower = 0; lower < ROWS.size(); lower++) {
      String[] above = ROWS.subList(0, lower).stream().flatMap(List::stream).toArray(String[]::new);
      for (String name : ROWS.get(lower)) {
        architecture =
            above.length == 0
                ? architecture.whereLayer(name).mayNotBeAccessedByAnyLayer()
                : architecture.whereLayer(name).mayOnlyBeAccessedByLayers(above);
      }
    }
    architecture.check(CLASSES);
  }

  @Test
  void everyNameStandsForOneClass() {
    Set<String> names = new HashSet<>();
    List<String> repeated =
        CLASSES.stream()
            .filter(JavaClass::isTopLevelClass)
            .map(JavaClass::getSimpleName)
            .filter(name -> !name.equals("package-info") && !names.add(name))
            .toList();
    assertEquals(List.of(), repeated);
  }

  @Test
  void weightsAndModelsNeedNoLibtorch() {
    noClasses()
        .that()
        .resideInAnyPackage("io.github.yolox4j.model", "io.github.yolox4j.weights")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void plansNeedNoLibtorch() {
    noClasses()
        .that()
        .resideInAnyPackage("io.github.yolox4j.plan", "io.github.yolox4j.ffi.dnnl")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco.pytorch..")
        .check(CLASSES);
  }

  @Test
  void classesOfTheBuildForCudaAreTouchedInTwoPlaces() {
    noClasses()
        .that()
        .haveNameNotMatching("io\\.github\\.yolox4j\\.(tensor\\.Cuda(\\$.*)?|dist\\.NcclBackend)")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.bytedeco\\.(cuda|pytorch\\.cuda|pytorch\\.nccl|pytorch\\.global\\.torch_cuda)\\b.*")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.yolox4j.cli")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void onlyTheForeignFunctionPackagesMakeDowncalls() {
    noClasses()
        .that()
        // embed makes upcalls: it is called from C and calls nothing there
        .resideOutsideOfPackages("io.github.yolox4j.ffi..", "io.github.yolox4j.embed")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Linker.class)
        .check(CLASSES);
  }
}
