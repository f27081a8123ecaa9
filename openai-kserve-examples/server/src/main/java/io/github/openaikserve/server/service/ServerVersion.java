package io.github.openaikserve.server.service;

/** The version that the build has written into the jar. */
public final class ServerVersion {
  private ServerVersion() {}

  /** Returns the number of the version. */
  public static String number() {
    String version = ServerVersion.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
