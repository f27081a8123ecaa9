package io.github.openaikserve.openai.decisions;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.openai.decisions.DecisionQuestion.Level;
import io.github.openaikserve.openai.decisions.DecisionQuestion.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to answer questions about an input, with the probability of each possible answer.
 * Immutable.
 */
public final class CreateDecisionRequest extends AbstractRequest {
  /** The maximum number of questions of a request. */
  public static final int MAX_QUESTIONS = 200;

  private CreateDecisionRequest(Builder builder) {
    super(builder);
    FieldChecks.array("input", input(), FieldChecks.MAX_ITEMS);
    FieldChecks.array("questions", questions(), MAX_QUESTIONS);
  }

  /** Returns a builder without fields. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the input that the questions are about: at least one message. */
  public List<ChatCompletionRequestMessage> input() {
    return required("input");
  }

  /** Returns the questions, 1 to {@value #MAX_QUESTIONS}. */
  public List<DecisionQuestion> questions() {
    return required("questions");
  }

  /** Returns the model and the number of questions. Omits the input, which must not be logged. */
  @Override
  public String toString() {
    return "CreateDecisionRequest[model=%s, questions=%d]".formatted(model(), questions().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(CreateDecisionRequest request) {
      return super.copyOf(request);
    }

    /** Sets the input that the questions are about to one user message. */
    public Builder input(String text) {
      return input(List.of(ChatCompletionRequestMessage.user(text)));
    }

    /** Sets the input that the questions are about to a conversation. */
    public Builder input(List<? extends ChatCompletionRequestMessage> messages) {
      return setList("input", messages);
    }

    /**
     * Adds a question about whether something is true.
     *
     * @param name the name that the answer repeats; null for none
     */
    public Builder predicate(@Nullable String name, String instructions) {
      return question(new DecisionQuestion.Predicate(name, MessageContent.of(instructions)));
    }

    /**
     * Adds a question about which of these values is right.
     *
     * @param name the name that the answer repeats; null for none
     */
    public Builder choice(@Nullable String name, String instructions, String... values) {
      List<Option> options = Stream.of(values).map(value -> new Option(value, null)).toList();
      return question(new DecisionQuestion.Choice(name, MessageContent.of(instructions), options));
    }

    /**
     * Adds a question about which level applies.
     *
     * @param name the name that the answer repeats; null for none
     * @param labels the levels, the lowest first
     */
    public Builder score(@Nullable String name, String instructions, String... labels) {
      List<Level> levels = Stream.of(labels).map(label -> new Level(label, null)).toList();
      return question(new DecisionQuestion.Score(name, MessageContent.of(instructions), levels));
    }

    /** Adds a question. */
    public Builder question(DecisionQuestion question) {
      List<DecisionQuestion> current = get("questions");
      List<DecisionQuestion> all = new ArrayList<>(current == null ? List.of() : current);
      all.add(question);
      return setList("questions", all);
    }

    /** Sets the questions. */
    public Builder questions(List<? extends DecisionQuestion> questions) {
      return setList("questions", questions);
    }

    /**
     * Returns the request.
     *
     * @throws InvalidRequestException naming the field that is missing or has an invalid length
     */
    public CreateDecisionRequest build() {
      return new CreateDecisionRequest(this);
    }
  }
}
