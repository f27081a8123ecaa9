package io.github.openaikserve.grpc.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy in front of a server on loopback that adds faults. Thread-safe. */
public final class ToxicProxy implements AutoCloseable {
  /** The prefix of its threads' names. */
  public static final String THREADS = "toxic-";

  private final ServerSocket listener;
  private final ExecutorService threads;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final int serverPort;
  private volatile Fault fault;

  private ToxicProxy(int serverPort, Fault fault) throws IOException {
    var number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, THREADS + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    this.serverPort = serverPort;
    this.fault = fault;
  }

  /** Starts a proxy in front of the server on this port. */
  public static ToxicProxy before(int serverPort, Fault fault) throws IOException {
    var proxy = new ToxicProxy(serverPort, fault);
    proxy.threads.execute(proxy::listen);
    return proxy;
  }

  /** Returns the port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns the address, as a target. */
  public String target() {
    return "127.0.0.1:" + port();
  }

  /** Sets the fault of further connections. */
  public void fault(Fault fault) {
    this.fault = fault;
  }

  /** Returns the number of open connections. */
  public int open() {
    return links.size();
  }

  /** Resets all connections. */
  public void resetAll() throws IOException {
    for (Link link : links) {
      link.reset();
    }
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        var link = new Link(client, serverPort, threads);
        links.add(link);
        threads.execute(() -> carry(link));
      } catch (IOException e) {
        // closed, or a client that has already disconnected
      }
    }
  }

  private void carry(Link link) {
    try (link) {
      fault.carry(link);
    } catch (IOException e) {
      // one of the two has disconnected
    } finally {
      links.remove(link);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    links.forEach(Link::close);
    threads.shutdownNow();
  }
}
