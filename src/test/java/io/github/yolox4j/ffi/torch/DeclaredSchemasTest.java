package io.github.yolox4j.ffi.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.yolox4j.tensor.Scope;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.FunctionSchema;
import org.junit.jupiter.api.Test;

class DeclaredSchemasTest {

  private static List<Operator> operators() throws IllegalAccessException {
    List<Operator> operators = new ArrayList<>();
    var classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.yolox4j");
    for (var each : classes) {
      for (JavaField declared : each.getFields()) {
        if (declared.getRawType().isEquivalentTo(Operator.class)) {
          Field field = declared.reflect();
          field.setAccessible(true);
          operators.add((Operator) field.get(null));
        }
      }
    }
    return operators;
  }

  /** A schema that differs from libtorch's in a type corrupts memory instead of failing. */
  @Test
  void everyOperatorOfTheCodeIsDeclaredWithLibtorchsTypes() throws IllegalAccessException {
    TorchLibrary.load();
    List<Operator> operators = operators();
    assertTrue(operators.size() >= 10, operators.toString());
    for (Operator operator : operators) {
      Schema declared = operator.schema();
      try (var _ = new Scope()) {
        FunctionSchema actual =
            Dispatcher.singleton().findSchemaOrThrow(declared.name(), declared.overload()).schema();
        assertEquals(
            types(actual.arguments(), true),
            declared.arguments().stream().map(each -> each.type() + " " + each.name()).toList(),
            operator.toString());
        assertEquals(
            types(actual.returns(), false),
            declared.results().stream().map(Type::toString).toList(),
            operator.toString());
      }
    }
  }

  private static List<String> types(Argument arguments, boolean named) {
    List<String> types = new ArrayList<>();
    long count = arguments == null ? 0 : arguments.limit();
    for (long i = 0; i < count; i++) {
      Argument argument = arguments.getPointer(i);
      String type = argument.real_type().get().str().getString().replace("SymInt", "int");
      types.add(named ? type + " " + argument.name().getString() : type);
    }
    return types;
  }
}
