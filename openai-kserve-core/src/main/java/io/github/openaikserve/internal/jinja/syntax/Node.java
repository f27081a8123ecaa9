package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.List;

/** A statement of a template, or text. Immutable. */
public interface Node {
  /** The control flow of a loop after a statement. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow render(Frame frame);

  /** A sequence of statements. */
  record Block(List<Node> nodes) implements Node {
    @Override
    public Flow render(Frame frame) {
      for (int i = 0; i < nodes.size(); i++) {
        Flow flow = nodes.get(i).render(frame);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    }
  }

  /** Literal text. */
  record Data(String text) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.print(text);
      return Flow.NEXT;
    }
  }

  /** A printed value. */
  record Print(Expr value, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      if (value instanceof Expr.Concat joined) {
        joined.write(frame, frame.run.out);
        frame.run.checkLength();
      } else {
        frame.run.print(PythonRepr.text(value.eval(frame), frame.run.budget));
      }
      return Flow.NEXT;
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Flow flow) implements Node {
    @Override
    public Flow render(Frame frame) {
      return flow;
    }
  }

  /** {@code if}. */
  record If(Expr condition, Node then, Node otherwise, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      return (Values.truth(condition.eval(frame)) ? then : otherwise).render(frame);
    }
  }

  /** {@code set} of a value. */
  record Set(Target target, Expr value, int line) implements Node {
    @Override
    public Flow render(Frame frame) {
      frame.run.line = line;
      target.set(frame, value.eval(frame));
      return Flow.NEXT;
    }
  }

  /** {@code with}: variables with a limited scope. */
  record With(List<Target> targets, List<Expr> values, Node body, Scope scope) implements Node {
    @Override
    public Flow render(Frame frame) {
      Object[] all = new Object[values.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = values.get(i).eval(frame);
      }
      for (int i = 0; i < all.length; i++) {
        targets.get(i).set(frame, all[i]);
      }
      Flow flow = body.render(frame);
      frame.clear(scope.slots());
      return flow;
    }
  }
}
