package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Namespace;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;

/** The target of an assignment. Immutable. */
interface Target {
  void set(Frame frame, Object value);

  /** A variable. */
  record Slot(int slot) implements Target {
    @Override
    public void set(Frame frame, Object value) {
      frame.slots[slot] = value;
    }
  }

  /** An attribute of a namespace. */
  record Attribute(Expr of, String variable, String name) implements Target {
    @Override
    public void set(Frame frame, Object value) {
      if (!(of.eval(frame) instanceof Namespace namespace)) {
        throw new TemplateError(
            "cannot assign attribute on non-namespace object '" + variable + "'");
      }
      namespace.set(name, value);
    }
  }

  /** Several targets, one for each element. */
  record Unpacked(List<Target> targets) implements Target {
    @Override
    public void set(Frame frame, Object value) {
      if (!Values.isIterable(value)) {
        throw Types.wrong("cannot unpack non-iterable " + Types.name(value) + " object", value);
      }
      List<Object> elements = new ArrayList<>(targets.size());
      for (Object element : Values.each(value)) {
        elements.add(element);
        if (elements.size() > targets.size()) {
          throw new TemplateError("too many values to unpack (expected " + targets.size() + ")");
        }
      }
      if (elements.size() < targets.size()) {
        throw new TemplateError(
            "not enough values to unpack (expected %d, got %d)"
                .formatted(targets.size(), elements.size()));
      }
      for (int i = 0; i < elements.size(); i++) {
        targets.get(i).set(frame, elements.get(i));
      }
    }
  }
}
