package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The common settings of chat models with whole and with streamed answers. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ChatModelBuilder<B extends ChatModelBuilder<B>>
    permits KServeChatModel.Builder, KServeStreamingChatModel.Builder {
  private final OpenAiKServe openai;
  private final List<ChatModelListener> listeners = new ArrayList<>();
  private ChatRequestParameters defaults = ChatRequestParameters.builder().build();
  private @Nullable String modelName;
  private @Nullable Double temperature;
  private @Nullable Integer maxOutputTokens;
  private Set<Capability> capabilities = Set.of();
  private Consumer<CreateChatCompletionRequest.Builder> change = request -> {};
  private Executor executor = CallbackThreads.SHARED;

  ChatModelBuilder(OpenAiKServe openai) {
    this.openai = Objects.requireNonNull(openai, "openai");
  }

  /** Sets the model of requests without one (default: the service's default model). */
  public B modelName(@Nullable String modelName) {
    this.modelName = modelName;
    return self();
  }

  /** Sets the temperature of requests without one, from 0 to 2; null for the server's default. */
  public B temperature(@Nullable Double temperature) {
    this.temperature = temperature;
    return self();
  }

  /** Sets the token limit of requests without one; null for the server's default. */
  public B maxOutputTokens(@Nullable Integer maxOutputTokens) {
    this.maxOutputTokens = maxOutputTokens;
    return self();
  }

  /**
   * Sets default parameters of requests (default: none). A request's own parameters and the other
   * setters of this builder override them.
   */
  public B defaultRequestParameters(ChatRequestParameters parameters) {
    this.defaults = Objects.requireNonNull(parameters, "parameters");
    return self();
  }

  /**
   * Sets the capabilities that the model declares to LangChain4j (default: none).
   *
   * <p>With {@link Capability#RESPONSE_FORMAT_JSON_SCHEMA}, an AI Service sends the schema of its
   * return type. The model server must support it, or the service must emulate it ({@code
   * ModelBuilder.emulateResponseFormat}). Without it, an AI Service describes the format in the
   * prompt.
   */
  public B supportedCapabilities(Capability... capabilities) {
    this.capabilities = Set.of(capabilities);
    return self();
  }

  /**
   * Sets a function that changes each request before it is sent, for fields without a parameter in
   * LangChain4j, such as {@code r -> r.seed(42).extra("min_p", 0.1)}. If it throws, the request
   * fails with that exception.
   */
  public B changeRequests(Consumer<CreateChatCompletionRequest.Builder> change) {
    this.change = Objects.requireNonNull(change, "change");
    return self();
  }

  /** Adds a listener of requests, responses and failures. */
  public B listener(ChatModelListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /**
   * Sets the executor of handlers, subscribers and continuations, which may block (default: one
   * daemon thread for each running callback; idle threads end after ten seconds).
   */
  public B executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return self();
  }

  @SuppressWarnings("unchecked") // each subclass passes itself as B
  private B self() {
    return (B) this;
  }

  ChatSettings settings() {
    var own = ChatRequestParameters.builder();
    if (modelName != null) {
      own.modelName(modelName);
    }
    if (temperature != null) {
      own.temperature(temperature);
    }
    if (maxOutputTokens != null) {
      own.maxOutputTokens(maxOutputTokens);
    }
    return new ChatSettings(
        openai.chatCompletions(),
        defaults.overrideWith(own.build()),
        capabilities,
        change,
        listeners,
        executor);
  }
}
