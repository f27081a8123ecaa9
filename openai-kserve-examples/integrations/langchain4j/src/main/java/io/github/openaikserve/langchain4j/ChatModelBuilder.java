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
 * Collects what whole and streamed chats have in common. Not thread-safe.
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

  /** Sets the model of requests that name none (default: the default model of the service). */
  public B modelName(@Nullable String modelName) {
    this.modelName = modelName;
    return self();
  }

  /** Sets the sampling temperature of requests that have none, 0 to 2; null for the server's. */
  public B temperature(@Nullable Double temperature) {
    this.temperature = temperature;
    return self();
  }

  /** Sets the limit of generated tokens of requests that have none; null for the server's. */
  public B maxOutputTokens(@Nullable Integer maxOutputTokens) {
    this.maxOutputTokens = maxOutputTokens;
    return self();
  }

  /**
   * Sets the parameters that each request overrides (default: none). The other setters of this
   * builder override them too.
   */
  public B defaultRequestParameters(ChatRequestParameters parameters) {
    this.defaults = Objects.requireNonNull(parameters, "parameters");
    return self();
  }

  /**
   * Sets what LangChain4j may rely on (default: nothing).
   *
   * <p>With {@link Capability#RESPONSE_FORMAT_JSON_SCHEMA} an AI Service sends the schema of its
   * return type, which the model's server must support, or the service emulate ({@code
   * ModelBuilder.emulateResponseFormat}). Without it an AI Service describes the format in the
   * prompt.
   */
  public B supportedCapabilities(Capability... capabilities) {
    this.capabilities = Set.of(capabilities);
    return self();
  }

  /**
   * Sets a function that changes each request before it is sent: fields that LangChain4j has no
   * parameter for, such as {@code r -> r.seed(42).extra("min_p", 0.1)}. What it throws is the
   * failure of the request.
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
   * Sets the executor of handlers, subscribers and continuations (default: daemon threads, one for
   * each that runs, which end after ten idle seconds). They may block there.
   */
  public B executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return self();
  }

  @SuppressWarnings("unchecked") // a builder is built as its own B
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
