package io.github.openaikserve.server.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A flag that sets an option. Immutable.
 *
 * @param name such as {@code --port}
 * @param label the placeholder of the value; empty if the flag has no value
 * @param repeated whether the flag may be repeated
 * @param description the option's sentence and default
 */
public record Flag(String name, String label, boolean repeated, String description) {
  private static final String VARIABLE = "OPENAI_KSERVE_";
  private static final String NEGATION = "--no-";

  /** An option that is not in a list, so that a variable and possibly a flag can set it. */
  record Target(String path, Declared option) {
    String flag() {
      return option.setting().flag();
    }

    boolean isNegated() {
      return flag().startsWith(NEGATION);
    }

    /** Returns the variable's name, made from the flag, or from the key if there is no flag. */
    String variable() {
      String name =
          flag().isEmpty()
              ? path.replaceFirst("^server\\.", "")
              : flag().replaceFirst("^--(?:no-)?", "");
      return VARIABLE + name.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    }
  }

  /** Returns the flags of a section's options, in order. */
  public static List<Flag> of(Section<?> section) {
    return targets(section).stream().filter(t -> !t.flag().isEmpty()).map(Flag::of).toList();
  }

  private static Flag of(Target target) {
    Setting setting = target.option().setting();
    boolean valueless = target.isNegated() || target.option().isSwitch();
    String label = setting.label().isEmpty() ? target.option().type().label() : setting.label();
    return new Flag(
        setting.flag(),
        valueless ? "" : label,
        target.option().isList() || target.option().isMapping(),
        plain(setting.help().isEmpty() ? setting.value() : setting.help()) + shownDefault(target));
  }

  private static String plain(String sentence) {
    return sentence.replace("`", "").replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
  }

  private static String shownDefault(Target target) {
    Setting setting = target.option().setting();
    String shown = setting.initial().isEmpty() ? setting.unset() : setting.initial();
    return shown.isEmpty() || target.isNegated() || target.option().isMapping()
        ? ""
        : " (default: " + plain(shown) + ")";
  }

  /** Returns the options that are not in lists, in order. */
  static List<Target> targets(Section<?> section) {
    List<Target> targets = new ArrayList<>();
    collect(section, "", targets);
    return targets;
  }

  private static void collect(Section<?> section, String prefix, List<Target> into) {
    for (Declared option : section.options()) {
      String path = prefix + option.key();
      boolean mapping = option.isMapping();
      if (!mapping || !option.setting().flag().isEmpty()) {
        into.add(new Target(path, option));
      }
      if (mapping) {
        option.type().section().ifPresent(inner -> collect(inner, path + ".", into));
      }
    }
  }
}
