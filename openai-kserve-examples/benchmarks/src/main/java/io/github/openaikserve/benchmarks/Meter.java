package io.github.openaikserve.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What this process has used so far. */
final class Meter {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private static final @Nullable CompilationMXBean COMPILER =
      ManagementFactory.getCompilationMXBean(); // null where everything is interpreted

  private Meter() {}

  /** CPU time of all threads, those of the JVM among them, in nanoseconds. */
  static long cpu() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Time that the compiler of the JVM has taken so far, in milliseconds. */
  static long compiling() {
    return COMPILER == null ? 0 : COMPILER.getTotalCompilationTime();
  }

  /** Bytes that the threads which are alive have allocated on the heap. */
  static long allocated() {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Bytes of memory that the process occupies; 0 where the system does not tell. */
  static long resident() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0; // not Linux
    }
    return 0;
  }

  /** Bytes that are in use after a collection: objects, and buffers outside the heap. */
  static long live() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    long direct = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      direct += pool.getMemoryUsed();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
  }
}
