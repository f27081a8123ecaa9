package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.OpenAiException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A chat model with whole answers, over a service in this process. Thread-safe.
 *
 * <pre>{@code
 * ChatModel model = KServeChatModel.builder(openai).modelName("llama").build();
 * }</pre>
 *
 * <p>The metadata of a response is a {@link KServeChatResponseMetadata}. Failures are LangChain4j's
 * exceptions, by status: {@code InvalidRequestException} (4xx), {@code ModelNotFoundException}
 * (404), {@code RateLimitException} (429), {@code TimeoutException} (504), {@code
 * InternalServerException} (other 5xx), and {@code NonRetriableException} for an answer that does
 * not have the requested format. Their cause is the {@link OpenAiException}. An interrupt cancels
 * the call. The model does not retry; the service's backends retry within a budget.
 */
public final class KServeChatModel implements ChatModel {
  private final ChatSettings settings;

  private KServeChatModel(ChatSettings settings) {
    this.settings = settings;
  }

  /** Returns a builder of models. Closing the service remains the caller's responsibility. */
  public static Builder builder(OpenAiKServe openai) {
    return new Builder(openai);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    try {
      return Responses.response(
          settings.chats().create(Requests.request(request, settings.change())));
    } catch (OpenAiException e) {
      throw Failures.mapped(e);
    }
  }

  /**
   * Returns a future of the answer, which completes on the executor of the model. Cancelling it
   * cancels the call. LangChain4j calls this from version 1.20 on.
   */
  @Override
  public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
    return Failures.mapped(
        () -> settings.chats().createAsync(Requests.request(request, settings.change())),
        Responses::response,
        settings.executor());
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return settings.defaults();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return settings.listeners();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return settings.capabilities();
  }

  /** A builder of models. Not thread-safe. */
  public static final class Builder extends ChatModelBuilder<Builder> {
    private Builder(OpenAiKServe openai) {
      super(openai);
    }

    /** Builds the model. */
    public KServeChatModel build() {
      return new KServeChatModel(settings());
    }
  }
}
