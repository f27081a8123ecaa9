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

/** The resources that this process has used so far. */
final class Meter {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private static final @Nullable CompilationMXBean COMPILER =
      ManagementFactory.getCompilationMXBean(); // null if the JVM has no compiler

  private Meter() {}

  /** Returns the CPU time of all threads, including those of the JVM, in nanoseconds. */
  static long cpu() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Returns the time of JIT compilation so far, in milliseconds. */
  static long compiling() {
    return COMPILER == null ? 0 : COMPILER.getTotalCompilationTime();
  }

  /** Returns the heap bytes that the live threads have allocated. */
  static long allocated() {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Returns the resident memory of the process in bytes; 0 if unknown. */
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

  /** Returns the bytes in use after a garbage collection: objects and direct buffers. */
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
