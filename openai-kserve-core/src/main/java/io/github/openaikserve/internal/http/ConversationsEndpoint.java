package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.responses.ConversationService;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The endpoint {@code /v1/conversations}, with {@code /{id}}, {@code /{id}/items} and {@code
 * /{id}/items/{item}}.
 */
final class ConversationsEndpoint implements Endpoint {
  private static final String ITEMS = "items";

  private final ConversationService conversations;
  private final RequestJson requests;

  ConversationsEndpoint(ConversationService conversations, RequestJson requests) {
    this.conversations = conversations;
    this.requests = requests;
  }

  @Override
  public List<String> methods(String rest) {
    if (rest.isEmpty()) {
      return List.of("POST");
    }
    String[] steps = rest.split("/", -1);
    if (steps[0].isEmpty() || (steps.length > 1 && !steps[1].equals(ITEMS))) {
      return List.of();
    }
    return switch (steps.length) {
      case 1 -> List.of("GET", "POST", "DELETE");
      case 2 -> List.of("GET", "POST");
      case 3 -> steps[2].isEmpty() ? List.of() : List.of("GET", "DELETE");
      default -> List.of();
    };
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    ConversationService owned = conversations.ownedBy(context.owner());
    String[] steps = rest.split("/", -1);
    return Responses.json(
        switch (steps.length) {
          case 1 ->
              rest.isEmpty()
                  ? owned.create(requests.conversation(request.body()))
                  : conversation(owned, request, rest);
          case 2 ->
              request.method().equals("GET")
                  ? owned.items(steps[0], Query.of(request).page())
                  : owned.addItems(steps[0], requests.conversation(request.body()));
          default ->
              request.method().equals("GET")
                  ? owned.item(steps[0], steps[2])
                  : owned.deleteItem(steps[0], steps[2]);
        });
  }

  private CompletableFuture<byte[]> conversation(
      ConversationService owned, ApiRequest request, String id) {
    return switch (request.method()) {
      case "GET" -> owned.retrieve(id);
      case "POST" -> owned.update(id, requests.conversation(request.body()));
      default -> owned.delete(id);
    };
  }
}
