package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.Args;
import io.github.openaikserve.internal.jinja.builtin.Builtins;
import io.github.openaikserve.internal.jinja.builtin.JinjaCallable;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} within a loop. Not thread-safe. */
final class Loop implements JinjaCallable {
  private static final Builtins METHODS =
      new Builtins("method")
          .add("cycle", "*", (self, args) -> ((Loop) self).cycle(args))
          .add("changed", "*", (self, args) -> ((Loop) self).changed(args));

  private final List<Object> items;
  private final ForNode node;
  private final Frame frame;
  private final int depth;
  private int index;
  private @Nullable List<Object> last;

  Loop(List<Object> items, ForNode node, Frame frame, int depth) {
    this.items = items;
    this.node = node;
    this.frame = frame;
    this.depth = depth;
  }

  void at(int current) {
    index = current;
  }

  @Override
  public int length() {
    return items.size();
  }

  @Override
  public Object attribute(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) items.size() - index;
      case "revindex0" -> items.size() - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == items.size() - 1;
      case "length" -> (long) items.size();
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" ->
          index == 0 ? new Undefined("there is no previous item") : items.get(index - 1);
      case "nextitem" ->
          index == items.size() - 1 ? new Undefined("there is no next item") : items.get(index + 1);
      default -> METHODS.bound(this, name);
    };
  }

  private Object cycle(Args args) {
    if (args.size() == 0) {
      throw new TemplateError("no items for cycling given");
    }
    return args.get(index % args.size());
  }

  private Object changed(Args args) {
    List<Object> now = Arrays.stream(args.values()).map(Values::of).toList();
    boolean same = last != null && Equality.same(last, now, frame.run.budget);
    last = now;
    return !same;
  }

  @Override
  public Object call(Args args) {
    if (!node.recursive()) {
      throw new TemplateError("the loop is not marked 'recursive'");
    }
    frame.run.enter(Limits.NESTING / 4);
    @Nullable Object[] before = frame.slots.clone();
    int start = frame.run.out.length();
    node.render(frame, args.get(0), depth + 1);
    System.arraycopy(before, 0, frame.slots, 0, before.length);
    frame.run.leave(Limits.NESTING / 4);
    return frame.run.takeBack(start);
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public String shown() {
    return "<LoopContext " + (index + 1) + "/" + items.size() + ">";
  }
}
