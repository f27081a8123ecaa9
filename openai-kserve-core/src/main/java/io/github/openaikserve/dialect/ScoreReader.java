package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.tensor.TensorReader;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of scores in tensors. Immutable. */
final class ScoreReader {
  /** The keys of Hugging Face's pipelines. */
  private static final String LABEL = "label";

  private static final String SCORE = "score";

  private final Activation activation;

  ScoreReader(Activation activation) {
    this.activation = activation;
  }

  /**
   * Returns the scores in a tensor with one number for each input.
   *
   * @throws DialectException naming the tensor, if it has another shape or type
   */
  List<Double> scores(Tensor tensor, int inputs) {
    double[] numbers = TensorReader.numbers(tensor);
    if (numbers.length != inputs) {
      throw wrongShape(tensor, "[%d] or [%d, 1]".formatted(inputs, inputs), inputs);
    }
    return Arrays.stream(numbers)
        .map(number -> activation.apply(new double[] {number})[0])
        .boxed()
        .toList();
  }

  /**
   * Returns the classes in a tensor with one row for each input.
   *
   * @param labels a tensor with the label of each class, or of each class of each input; null for
   *     none
   * @throws DialectException naming the tensor, if it has another shape or type
   */
  List<ClassScores.Input> classes(Tensor tensor, int inputs, @Nullable Tensor labels) {
    double[] numbers = TensorReader.numbers(tensor);
    long[] shape = tensor.shape();
    boolean rows = shape.length == 2 && shape[0] == inputs;
    boolean flat = shape.length == 1 && numbers.length % inputs == 0;
    if (numbers.length == 0 || !(rows || flat)) {
      throw wrongShape(tensor, "[%d, classes]".formatted(inputs), inputs);
    }
    int classes = numbers.length / inputs;
    List<ClassScores.Input> all = new ArrayList<>(inputs);
    for (int i = 0; i < inputs; i++) {
      double[] row = Arrays.copyOfRange(numbers, i * classes, (i + 1) * classes);
      all.add(
          new ClassScores.Input(
              labels == null ? List.of() : labels(labels, i, inputs, classes), boxed(row)));
    }
    return all;
  }

  private static List<String> labels(Tensor tensor, int input, int inputs, int classes) {
    if (tensor.datatype() == Datatype.BYTES) {
      List<String> labels = tensor.texts();
      if (labels.size() == classes * inputs) {
        return labels.subList(input * classes, (input + 1) * classes);
      }
      if (labels.size() == classes) {
        return labels;
      }
    }
    throw TensorReader.wrongElements(
        tensor, "BYTES with a label for each of %d classes".formatted(classes));
  }

  /**
   * Returns the classes in a tensor with one JSON value for each input: an object with a label and
   * a score, or a list of such objects.
   *
   * @throws DialectException if the tensor contains anything else
   */
  List<ClassScores.Input> jsonClasses(Tensor tensor, int inputs) {
    if (tensor.datatype() != Datatype.BYTES || tensor.size() != inputs) {
      throw TensorReader.wrongElements(tensor, "BYTES with " + inputs);
    }
    List<ClassScores.Input> all = new ArrayList<>(inputs);
    for (String json : tensor.texts()) {
      Object value = JsonCodec.readPythonValue(json).orElse("");
      List<?> objects = value instanceof List<?> list ? list : List.of(value);
      List<String> labels = new ArrayList<>(objects.size());
      double[] scores = new double[objects.size()];
      for (int i = 0; i < scores.length; i++) {
        if (!(objects.get(i) instanceof Map<?, ?> object
            && object.get(LABEL) instanceof String label
            && object.get(SCORE) instanceof Number score)) {
          throw notLabels(tensor);
        }
        labels.add(label);
        scores[i] = TensorReader.finite(tensor, score.doubleValue());
      }
      if (scores.length == 0) {
        throw notLabels(tensor);
      }
      all.add(new ClassScores.Input(labels, boxed(scores)));
    }
    return all;
  }

  /**
   * Returns the score of each input. Each input must have a single class.
   *
   * @throws DialectException if an input has several classes
   */
  static List<Double> single(Tensor tensor, List<ClassScores.Input> inputs) {
    List<Double> scores = new ArrayList<>(inputs.size());
    for (ClassScores.Input input : inputs) {
      if (input.scores().size() != 1) {
        throw TensorReader.wrong(
            tensor,
            "has %d classes for a pair of texts; expected a single score"
                .formatted(input.scores().size()));
      }
      scores.add(input.scores().get(0));
    }
    return scores;
  }

  private List<Double> boxed(double[] numbers) {
    return Arrays.stream(activation.apply(numbers)).boxed().toList();
  }

  private static DialectException wrongShape(Tensor tensor, String expected, int inputs) {
    return TensorReader.wrong(
        tensor,
        "has shape %s; expected %s for %d inputs"
            .formatted(Arrays.toString(tensor.shape()), expected, inputs));
  }

  private static DialectException notLabels(Tensor tensor) {
    return TensorReader.wrong(
        tensor,
        "does not contain a JSON object, or list of objects, with a text 'label' and a number"
            + " 'score'");
  }
}
