package io.github.openaikserve.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy between a client and a server that can reset connections and drop data. */
final class TcpProxy {
  private final Object flow = new Object();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int server;
  private final int port;
  private final Set<Thread> pumps = ConcurrentHashMap.newKeySet();
  private ServerSocket listening;
  private Thread accepting;
  private boolean droppingData;

  TcpProxy(int server) throws IOException {
    this.server = server;
    this.listening = listen(0);
    this.port = listening.getLocalPort();
    this.accepting = accepting(listening);
  }

  int port() {
    return port;
  }

  /**
   * Resets connections and refuses new ones, as if the server's process were killed. No data passes
   * after this method has returned.
   */
  void disconnect() throws IOException, InterruptedException {
    listening.close();
    accepting.join();
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // It is already closed.
      }
      socket.close();
    }
    sockets.clear();
    for (Thread pump : pumps) {
      pump.interrupt(); // it may be droppingData
      pump.join();
    }
    pumps.clear();
  }

  void reconnect() throws IOException {
    listening = listen(port);
    accepting = accepting(listening);
  }

  /** Drops all data from now on, while connections stay open. */
  void dropData(boolean from) {
    synchronized (flow) {
      droppingData = from;
      flow.notifyAll();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private Thread accepting(ServerSocket own) {
    return thread(() -> accept(own));
  }

  private void accept(ServerSocket own) {
    while (!own.isClosed()) {
      try {
        Socket client = own.accept();
        sockets.add(client);
        var there = new Socket(InetAddress.getLoopbackAddress(), server);
        sockets.add(there);
        pumps.add(thread(() -> pump(client, there)));
        pumps.add(thread(() -> pump(there, client)));
      } catch (IOException e) {
        // It was reset, or the server has closed it.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        waitForFlow();
        out.write(bytes, 0, n);
      }
    } catch (IOException | InterruptedException e) {
      // One end was closed, so close the other.
    }
  }

  private void waitForFlow() throws InterruptedException {
    synchronized (flow) {
      while (droppingData) {
        flow.wait();
      }
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
