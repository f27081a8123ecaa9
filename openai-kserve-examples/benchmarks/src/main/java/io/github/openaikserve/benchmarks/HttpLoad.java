package io.github.openaikserve.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients of an OpenAI server on one thread, each with a persistent connection. They read bytes,
 * not JSON, so that they cost less than the server they measure.
 */
final class HttpLoad extends Load {
  private final URI base;
  private final String model;
  private final Selector selector;
  private final ConcurrentLinkedQueue<Client> coming = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Client> idle = new ConcurrentLinkedQueue<>();
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
  private volatile boolean over;

  HttpLoad(String url, String model) throws IOException {
    this.base = URI.create(url);
    this.model = model;
    this.selector = Selector.open();
    var thread = new Thread(this::run, "clients");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  void open(Work work) {
    Client client = idle.poll();
    coming.add(client == null ? new Client(work) : client);
    selector.wakeup();
  }

  @Override
  void cancelAll() {
    clients.forEach(Client::drop);
    for (Client client = idle.poll(); client != null; client = idle.poll()) {
      client.drop();
    }
  }

  @Override
  public void close() {
    super.close();
    over = true;
    selector.wakeup();
  }

  private void run() {
    try {
      while (!over) {
        selector.select();
        for (Client client = coming.poll(); client != null; client = coming.poll()) {
          client.send();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.isReadable() && key.attachment() instanceof Client client) {
            client.read();
          }
        }
        selector.selectedKeys().clear();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection with one request at a time. */
  private final class Client {
    private final Work work;
    private final byte[] request;
    private final HttpAnswer answer = new HttpAnswer();
    private SocketChannel channel;
    private long begun;
    private boolean begunAnswer;

    @SuppressWarnings("NullAway.Init") // sending opens the channel
    Client(Work work) {
      this.work = work;
      this.request = request(work);
    }

    private byte[] request(Work work) {
      String body =
          "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":%d,\"n\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
              .formatted(model, !work.whole(), work.tokens(), work.choices(), work.prompt());
      String text =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(base.getAuthority(), body.length(), body);
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    void send() throws IOException {
      clients.add(this);
      answer.reset();
      begunAnswer = false;
      begun = System.nanoTime();
      try {
        if (channel == null) {
          channel = SocketChannel.open(new InetSocketAddress(base.getHost(), base.getPort()));
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_READ, this);
        }
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        lost();
      }
    }

    void read() throws IOException {
      int count;
      try {
        count = channel.read(buffer.clear());
      } catch (IOException e) {
        count = -1;
      }
      if (count < 0) {
        lost();
        return;
      }
      tokens.add(answer.read(buffer.array(), count, work));
      if (!begunAnswer && answer.hasBegun()) {
        begunAnswer = true;
        firstTokens.add(System.nanoTime() - begun);
      }
      if (answer.isWhole()) {
        clients.remove(this);
        if (isGoing()) {
          idle.add(this);
        } else {
          drop(); // the server would end it later, which would count as a failure
        }
        ended(work, answer.isGood());
      }
    }

    private void lost() {
      clients.remove(this);
      drop();
      ended(work, false);
    }

    void drop() {
      SocketChannel open = channel;
      if (open == null) {
        return; // the client is about to connect
      }
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
