package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.builtin.JinjaCallable;
import io.github.openaikserve.internal.jinja.builtin.Subscripts;
import io.github.openaikserve.internal.jinja.value.Arithmetic;
import io.github.openaikserve.internal.jinja.value.Equality;
import io.github.openaikserve.internal.jinja.value.Limits;
import io.github.openaikserve.internal.jinja.value.Markup;
import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Operation;
import io.github.openaikserve.internal.jinja.value.PythonRepr;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Tuple;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Undefined;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An expression. Immutable. */
public interface Expr {
  Object eval(Frame frame);

  /** Evaluates the expression, and removes the mark of safe text. */
  default Object plain(Frame frame) {
    return Markup.plain(eval(frame));
  }

  /** A value that is always the same. */
  record Constant(Object value) implements Expr {
    @Override
    public Object eval(Frame frame) {
      frame.run.budget.step();
      return value;
    }
  }

  /** A list or a tuple. */
  record Sequence(List<Expr> elements, boolean tuple) implements Expr {
    @Override
    public Object eval(Frame frame) {
      frame.run.budget.list(elements.size());
      List<Object> values = new ArrayList<>(elements.size());
      for (Expr element : elements) {
        values.add(element.plain(frame));
      }
      return tuple ? Tuple.of(values) : values;
    }
  }

  /** A dict. */
  record Dict(List<Expr> keys, List<Expr> values) implements Expr {
    @Override
    public Object eval(Frame frame) {
      frame.run.budget.list(keys.size());
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        Equality.put(map, keys.get(i).plain(frame), values.get(i).plain(frame), frame.run.budget);
      }
      return map;
    }
  }

  /** An operation on one value: a sign, {@code not}, or {@code x.name}. */
  record Unary(Expr of, UnaryOperator<Object> operation) implements Expr {
    @Override
    public Object eval(Frame frame) {
      frame.run.budget.step();
      return operation.apply(of.plain(frame));
    }
  }

  /** {@code x[from:to:step]}. */
  record Slice(Expr of, @Nullable Expr from, @Nullable Expr to, @Nullable Expr step)
      implements Expr {
    @Override
    public Object eval(Frame frame) {
      return Subscripts.slice(
          of.plain(frame), part(from, frame), part(to, frame), part(step, frame), frame.run.budget);
    }

    private static @Nullable Object part(@Nullable Expr part, Frame frame) {
      Object value = part == null ? null : part.plain(frame);
      return value == None.NONE ? null : value;
    }
  }

  /** A call. */
  record Call(Expr of, Arguments arguments) implements Expr {
    @Override
    public Object eval(Frame frame) {
      return eval(frame, Map.of());
    }

    /** Evaluates the call with additional named arguments. */
    Object eval(Frame frame, Map<String, Object> more) {
      Object called = of.plain(frame);
      if (called instanceof JinjaCallable callee) {
        frame.run.budget.call();
        return callee.call(arguments.eval(frame, more));
      }
      throw Types.wrong("'" + Types.name(called) + "' object is not callable", called);
    }
  }

  /** {@code and}, {@code or}: evaluates to the deciding value. */
  record Logical(Expr left, Expr right, boolean and) implements Expr {
    @Override
    public Object eval(Frame frame) {
      Object first = left.eval(frame);
      return Values.truth(first) == and ? right.eval(frame) : first;
    }
  }

  /** An operator between two values, or {@code x[key]}. */
  record Binary(Expr left, Expr right, Operation operation) implements Expr {
    @Override
    public Object eval(Frame frame) {
      Object first = left.eval(frame);
      Object second = right.eval(frame);
      return first instanceof Markup || second instanceof Markup
          ? marked(first, second, frame.run.budget)
          : operation.apply(first, second, frame.run.budget);
    }

    private Object marked(Object first, Object second, StepLimit budget) {
      return operation == Arithmetic.ADD
          ? Markup.sum(first, second, budget)
          : operation.apply(Markup.plain(first), Markup.plain(second), budget);
    }
  }

  /** {@code ~}: texts joined. */
  record Concat(List<Expr> parts) implements Expr {
    @Override
    public Object eval(Frame frame) {
      var text = new StringBuilder();
      write(frame, text);
      return text.toString();
    }

    /** Appends the text. */
    void write(Frame frame, StringBuilder to) {
      int start = to.length();
      for (int i = 0; i < parts.size(); i++) {
        to.append(PythonRepr.text(parts.get(i).eval(frame), frame.run.budget));
        if (to.length() - start > Limits.TEXT) {
          throw new TemplateError("a text is longer than " + Limits.TEXT + " characters");
        }
      }
      frame.run.budget.text(to.length() - start);
    }
  }

  /** Chained comparisons: {@code 1 < x <= 3}. */
  record Compare(Expr first, List<Operation> operators, List<Expr> others) implements Expr {
    @Override
    public Object eval(Frame frame) {
      Object left = first.plain(frame);
      for (int i = 0; i < operators.size(); i++) {
        Object right = others.get(i).plain(frame);
        if (operators.get(i).apply(left, right, frame.run.budget).equals(false)) {
          return false;
        }
        left = right;
      }
      return true;
    }
  }

  /** The output of the body of a tag. */
  record Captured(Node body, int line) implements Expr {
    @Override
    public Object eval(Frame frame) {
      int start = frame.run.out.length();
      body.render(frame);
      frame.run.line = line;
      return frame.run.takeBack(start);
    }
  }

  /** {@code a if c else b}. */
  record Ternary(Expr condition, Expr then, @Nullable Expr otherwise) implements Expr {
    @Override
    public Object eval(Frame frame) {
      if (Values.truth(condition.eval(frame))) {
        return then.eval(frame);
      }
      return otherwise == null
          ? new Undefined("the inline if-expression evaluated to false and no else was given")
          : otherwise.eval(frame);
    }
  }
}
