package io.github.openaikserve.server;

import picocli.CommandLine.IVersionProvider;

/** The version that the build has written into the jar. */
final class ServerVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"openai-kserve-server " + number()};
  }

  String number() {
    String version = ServerCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
