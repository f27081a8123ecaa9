package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a built-in. Immutable.
 *
 * @param parameters the names of the parameters, in order
 * @param required the number of required parameters
 * @param open whether any arguments are accepted, so that {@code parameters} does not apply
 */
public record Signature(List<String> parameters, int required, boolean open) {
  /** Parses a signature such as {@code "old new count?"}; {@code "*"} accepts any arguments. */
  static Signature of(String words) {
    List<String> names = new ArrayList<>();
    int required = 0;
    for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
      boolean optional = word.endsWith("?");
      names.add(optional ? word.substring(0, word.length() - 1) : word);
      required += optional ? 0 : 1;
    }
    return new Signature(List.copyOf(names), required, words.equals("*"));
  }

  /** Returns the problem of a call; null for none. */
  public @Nullable String problem(int positional, Set<String> named) {
    if (open) {
      return null;
    }
    if (positional > parameters.size()) {
      return "takes at most " + parameters.size() + " argument(s)";
    }
    for (String name : named) {
      int index = parameters.indexOf(name);
      if (index < 0) {
        return "takes no argument '" + name + "'";
      }
      if (index < positional) {
        return "got two values for '" + name + "'";
      }
    }
    for (int i = positional; i < required; i++) {
      if (!named.contains(parameters.get(i))) {
        return "needs an argument '" + parameters.get(i) + "'";
      }
    }
    return null;
  }

  Args bind(String name, Args args) {
    if (open || (args.named().isEmpty() && args.size() == parameters.size())) {
      return args;
    }
    String problem = problem(args.size(), args.named().keySet());
    if (problem != null) {
      throw new TemplateError(name + " " + problem);
    }
    @Nullable Object[] bound = new Object[parameters.size()];
    System.arraycopy(args.values(), 0, bound, 0, args.size());
    args.named().forEach((key, value) -> bound[parameters.indexOf(key)] = value);
    return new Args(args.run(), bound, Map.of());
  }
}
