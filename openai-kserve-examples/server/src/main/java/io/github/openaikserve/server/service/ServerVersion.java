package io.github.openaikserve.server.service;

/** The version of the server, which the build writes into the jar. */
public final class ServerVersion {
  private ServerVersion() {}

  /** Returns the version number. */
  public static String number() {
    String version = ServerVersion.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
