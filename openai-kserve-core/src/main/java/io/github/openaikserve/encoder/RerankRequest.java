package io.github.openaikserve.encoder;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to order documents by their relevance to a query. Immutable.
 *
 * <p>Absent fields are null. Source: Cohere's and Jina's API references of {@code rerank}.
 */
public final class RerankRequest extends AbstractRequest {
  /** The maximum number of documents of a request. */
  public static final int MAX_DOCUMENTS = 2048;

  private RerankRequest(Builder builder) {
    super(builder);
    EncoderChecks.text("query", query());
    FieldChecks.array("documents", documents(), MAX_DOCUMENTS);
    FieldChecks.integer("top_n", topN(), 1, Integer.MAX_VALUE);
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the query, which is not empty. */
  public String query() {
    return required("query");
  }

  /** Returns the documents, 1 to {@value #MAX_DOCUMENTS}. */
  public List<String> documents() {
    return required("documents");
  }

  /** Returns the number of best documents to return, at least 1; null for all. */
  public @Nullable Integer topN() {
    return get("top_n");
  }

  /** Returns whether the answer repeats the documents; null means false. */
  public @Nullable Boolean returnDocuments() {
    return get("return_documents");
  }

  /** Returns the model and the number of documents; never their texts, which must not be logged. */
  @Override
  public String toString() {
    return "RerankRequest[model=%s, documents=%d]".formatted(model(), documents().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(RerankRequest request) {
      return super.copyOf(request);
    }

    /** Sets the query. */
    public Builder query(String query) {
      return set("query", query);
    }

    /** Sets the documents. */
    public Builder documents(String... documents) {
      return documents(List.of(documents));
    }

    /** Sets the documents. */
    public Builder documents(List<String> documents) {
      return setList("documents", documents);
    }

    /** Sets the number of best documents to return, at least 1; null for all. */
    public Builder topN(@Nullable Integer topN) {
      return set("top_n", topN);
    }

    /** Sets whether the answer repeats the documents; null means false. */
    public Builder returnDocuments(@Nullable Boolean returnDocuments) {
      return set("return_documents", returnDocuments);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public RerankRequest build() {
      return new RerankRequest(this);
    }
  }
}
