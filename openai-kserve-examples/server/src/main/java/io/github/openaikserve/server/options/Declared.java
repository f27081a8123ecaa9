package io.github.openaikserve.server.options;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A declared option. Immutable. */
final class Declared {
  private final String key;
  private final Setting setting;
  private final Type<?> type;
  private final Class<?> component;

  Declared(RecordComponent component, Setting setting) {
    this.key =
        setting.key().isEmpty()
            ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
            : setting.key();
    this.setting = setting;
    this.type = Types.of(component, setting);
    this.component = component.getType();
  }

  String key() {
    return key;
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
    return setting.initial().isEmpty() && !Types.mayBeAbsent(component) && !isMapping();
  }

  /** Returns the default for help and pages; empty if there is none to show. */
  String shownDefault() {
    if (!setting.initial().isEmpty()) {
      return setting.initial();
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
    boolean flag = section.node().origin().kind() == Origin.Kind.FLAG && !setting.flag().isEmpty();
    throw section.wrong((flag ? setting.flag() : "'" + key + "'") + " is missing");
  }

  private @Nullable Value initial(Value section) {
    String initial = setting.initial();
    return initial.isEmpty()
        ? null
        : new Value(Node.Scalar.of(initial, Origin.DEFAULT), path(section), false);
  }

  private String path(Value section) {
    return section.path().isEmpty() ? key : section.path() + "." + key;
  }
}
