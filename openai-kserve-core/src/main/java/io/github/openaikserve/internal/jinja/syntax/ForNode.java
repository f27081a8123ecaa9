package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code for}. Immutable. */
record ForNode(
    Target target,
    Expr iterable,
    @Nullable Expr condition,
    boolean recursive,
    Node body,
    Node otherwise,
    int loopSlot,
    Scope scope,
    int line)
    implements Node {
  @Override
  public Flow render(Frame frame) {
    frame.run.line = line;
    return render(frame, iterable.plain(frame), 0);
  }

  Flow render(Frame frame, Object over, int depth) {
    int[] slots = scope.slots();
    List<Object> items = items(frame, over, slots);
    if (items.isEmpty()) {
      return otherwise.render(frame);
    }
    var loop = new Loop(items, this, frame, depth);
    for (int i = 0; i < items.size(); i++) {
      frame.run.budget.spend(4);
      frame.clear(slots);
      loop.at(i);
      target.set(frame, items.get(i));
      frame.slots[loopSlot] = loop;
      if (body.render(frame) == Flow.BREAK) {
        break;
      }
    }
    frame.clear(slots);
    return Flow.NEXT;
  }

  private List<Object> items(Frame frame, Object over, int[] slots) {
    if (over instanceof Undefined) {
      return List.of();
    }
    if (condition == null) {
      return Values.list(over, frame.run.budget);
    }
    List<Object> chosen = new ArrayList<>();
    for (Object item : Values.each(over)) {
      frame.run.budget.list(1);
      frame.clear(slots);
      target.set(frame, item);
      if (Values.truth(condition.eval(frame))) {
        chosen.add(item);
      }
    }
    frame.clear(slots);
    return chosen;
  }
}
