package io.github.openaikserve.server.options;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A declared option. Immutable. */
final class Declared {
  private final String key;
  private final Description description;
  private final Setting setting;
  private final Type<?> type;
  private final Class<?> component;

  Declared(RecordComponent component, Description description) {
    this.key = key(component);
    this.description = description;
    this.setting = setting(component);
    this.type = Types.of(component, setting, description.initial());
    this.component = component.getType();
  }

  /** Returns the key of a component: its name in snake case, unless another one is set. */
  static String key(RecordComponent component) {
    String key = setting(component).key();
    return key.isEmpty()
        ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
        : key;
  }

  private static Setting setting(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    return setting == null ? Unrestricted.RULES : setting;
  }

  /** The rules for a component without an annotation. */
  private record Unrestricted(@Setting boolean option) {
    static final Setting RULES =
        Unrestricted.class.getRecordComponents()[0].getAnnotation(Setting.class);
  }

  String key() {
    return key;
  }

  Description description() {
    return description;
  }

  Setting setting() {
    return setting;
  }

  Type<?> type() {
    return type;
  }

  boolean isList() {
    return component == List.class;
  }

  boolean isOptional() {
    return component == Optional.class;
  }

  /** Returns whether the option is a boolean, which is false unless set. */
  boolean isSwitch() {
    return component == boolean.class;
  }

  boolean isMapping() {
    return type.section().isPresent() && type.suffix().isEmpty();
  }

  boolean isRequired() {
    return description.initial().isEmpty() && !Types.mayBeAbsent(component) && !isMapping();
  }

  /** Returns the default for help and pages; empty if there is none to show. */
  String shownDefault() {
    if (!description.initial().isEmpty()) {
      return description.initial();
    }
    return component == boolean.class ? "false" : "";
  }

  /**
   * Reads the option.
   *
   * @param section the mapping that may contain the key
   */
  @Nullable Object read(Value section) {
    Value value = section.find(key, setting.secret()).orElseGet(() -> initial(section));
    if (value != null) {
      Object read = type.read(value);
      return isOptional() && !(read instanceof Optional) ? Optional.of(read) : read;
    }
    if (Types.mayBeAbsent(component)) {
      return Types.absent(component);
    }
    if (isMapping()) {
      return type.read(
          new Value(Node.Mapping.empty(section.node().origin()), path(section), false));
    }
    boolean flag =
        section.node().origin().kind() == Origin.Kind.FLAG && !description.flag().isEmpty();
    throw section.wrong((flag ? description.flag() : "'" + key + "'") + " is missing");
  }

  private @Nullable Value initial(Value section) {
    String initial = description.initial();
    return initial.isEmpty()
        ? null
        : new Value(Node.Scalar.of(initial, Origin.DEFAULT), path(section), false);
  }

  private String path(Value section) {
    return section.path().isEmpty() ? key : section.path() + "." + key;
  }
}
