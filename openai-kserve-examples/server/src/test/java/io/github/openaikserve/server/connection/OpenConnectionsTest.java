package io.github.openaikserve.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class OpenConnectionsTest {
  private static final long MAX_HELD = 1000;

  private final OpenConnections connections = new OpenConnections(MAX_HELD);
  private final List<String> closed = new ArrayList<>();

  @Test
  void theConnectionThatIsIdleForLongestIsClosedWhenTooManyAreOpen() {
    HttpConnection a = connection("a");
    HttpConnection b = connection("b");
    connections.opened(a, 2);
    connections.opened(b, 2);

    connections.opened(connection("c"), 2);
    connections.opened(connection("d"), 2);

    assertThat(closed).containsExactly("a", "b");
    assertThat(connections.count()).isEqualTo(2);
  }

  @Test
  void requestsThatWaitForTheirClientsHoldABoundedAmountOfMemory() {
    for (String name : List.of("a", "b", "c", "d")) {
      HttpConnection connection = connection(name);
      connections.opened(connection, 10);
      connections.begin(connection, MAX_HELD / 3);
    }

    assertThat(closed).containsExactly("a");
    assertThat(connections.held()).isEqualTo(3 * (MAX_HELD / 3));
    assertThat(connections.closedAtLimit()).isEqualTo(1);
  }

  @Test
  void aConnectionThatHoldsMoreThanUsualIsClosedFirst() {
    var many = new OpenConnections(100_000);
    for (String name : List.of("usual", "large", "last")) {
      HttpConnection connection = connection(name);
      many.opened(connection, 10);
      many.begin(connection, name.equals("usual") ? 10_000 : 50_000);
    }

    assertThat(closed).containsExactly("large");
  }

  @Test
  void aConnectionWithARequestThatTheServerWorksOnIsNotSilent() {
    HttpConnection working = connection("working");
    connections.opened(working, 2);
    WaitingRequest request = begun(working, MAX_HELD);
    connections.begin(working, 0); // another one, which waits
    request.work();
    assertThat(connections.held()).isZero();
    HttpConnection waiting = connection("waiting");
    connections.opened(waiting, 2);
    connections.begin(waiting, MAX_HELD);

    connections.opened(connection("c"), 2);
    assertThat(closed).containsExactly("waiting");
    assertThat(connections.held()).isZero();

    connections.closeIdle(0);
    assertThat(closed).containsExactly("waiting", "c");
  }

  @Test
  void aRequestWhoseClientMakesProgressIsSilentForAShorterTime() {
    HttpConnection a = connection("a");
    connections.opened(a, 2);
    WaitingRequest request = begun(a, 1);
    HttpConnection b = connection("b");
    connections.opened(b, 2);

    request.progress();
    connections.opened(connection("c"), 2);
    assertThat(closed).containsExactly("b");

    request.work();
    request.await();
    connections.opened(connection("d"), 2);
    assertThat(closed).containsExactly("b", "c");
  }

  private WaitingRequest begun(HttpConnection connection, long bytes) {
    return Objects.requireNonNull(connections.begin(connection, bytes));
  }

  @Test
  void theMemoryOfARequestIsReturnedOnceInAnyOrder() {
    HttpConnection a = connection("a");
    connections.opened(a, 2);
    WaitingRequest waits = begun(a, 100);
    WaitingRequest works = begun(a, 200);
    works.hold(50);
    works.work();
    works.work();
    works.hold(30);
    assertThat(connections.held()).isEqualTo(100);
    works.await();
    works.await();
    assertThat(connections.held()).isEqualTo(380);

    waits.end();
    waits.end();
    waits.await();
    assertThat(connections.held()).isEqualTo(280);
    works.end();
    assertThat(connections.held()).isZero();
  }

  @Test
  void aRequestIsRefusedIfNoSilentConnectionHoldsTheMemory() {
    HttpConnection a = connection("a");
    connections.opened(a, 2);
    begun(a, 0).work();

    assertThat(connections.begin(a, MAX_HELD + 1)).isNull();
    assertThat(connections.held()).isZero();
    assertThat(closed).isEmpty();
  }

  @Test
  void bytesOfAnIncompleteHeadHoldMemory() {
    var first = new EmbeddedChannel();
    var second = new EmbeddedChannel();
    connections.accepted(first, 10);
    connections.accepted(second, 10);

    connections.received(first, (int) MAX_HELD / 4);
    connections.received(second, (int) MAX_HELD / 4);
    assertThat(connections.held()).isEqualTo(MAX_HELD);
    connections.received(second, 1);

    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
    assertThat(connections.count()).isEqualTo(1);
    second.close();
    assertThat(connections.held()).isZero();
  }

  @Test
  void aConnectionWhoseSocketWasClosedAtTheLimitClosesNoOther() {
    var first = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    var second = new EmbeddedChannel();
    connections.accepted(first, 1);
    ChannelHandlerContext context = first.pipeline().firstContext();
    connections.accepted(second, 1);

    connections.opened(connection(context), 1);
    first.runPendingTasks();

    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
    assertThat(connections.count()).isEqualTo(1);
  }

  private static HttpConnection connection(ChannelHandlerContext context) {
    return (HttpServerConnection)
        Proxy.newProxyInstance(
            OpenConnectionsTest.class.getClassLoader(),
            new Class<?>[] {HttpServerConnection.class},
            (proxy, method, arguments) ->
                method.getName().equals("channelHandlerContext") ? context : null);
  }

  private HttpConnection connection(String name) {
    return (HttpConnection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpConnection.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "close" -> {
                    closed.add(name);
                    yield null;
                  }
                  case "hashCode" -> name.hashCode();
                  case "equals" -> proxy == arguments[0];
                  default -> null;
                });
  }
}
