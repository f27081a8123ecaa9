package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The metadata of a response, with additional facts of this service. Immutable. */
public final class KServeChatResponseMetadata extends ChatResponseMetadata {
  private final List<String> droppedParams;
  private final boolean usageEstimated;

  private KServeChatResponseMetadata(Builder builder) {
    super(builder);
    droppedParams = builder.droppedParams;
    usageEstimated = builder.usageEstimated;
  }

  /** Returns the request fields that had no effect because the server does not support them. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /** Returns whether the service estimated the usage because the server did not report it. */
  public boolean usageEstimated() {
    return usageEstimated;
  }

  @Override
  public ChatResponseMetadata.Builder<?> toBuilder() {
    return toBuilder(new Builder().droppedParams(droppedParams).usageEstimated(usageEstimated));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KServeChatResponseMetadata metadata
        && super.equals(metadata)
        && droppedParams.equals(metadata.droppedParams)
        && usageEstimated == metadata.usageEstimated;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), droppedParams, usageEstimated);
  }

  static final class Builder extends ChatResponseMetadata.Builder<Builder> {
    private List<String> droppedParams = List.of();
    private boolean usageEstimated;

    Builder droppedParams(List<String> droppedParams) {
      this.droppedParams = List.copyOf(droppedParams);
      return this;
    }

    Builder usageEstimated(boolean usageEstimated) {
      this.usageEstimated = usageEstimated;
      return this;
    }

    @Override
    public KServeChatResponseMetadata build() {
      return new KServeChatResponseMetadata(this);
    }
  }
}
