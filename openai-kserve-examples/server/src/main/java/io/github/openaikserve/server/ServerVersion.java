package io.github.openaikserve.server;

import picocli.CommandLine.IVersionProvider;

/** The version that the build has written into the jar. */
final class ServerVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = ServerCommand.class.getPackage().getImplementationVersion();
    return new String[] {"openai-kserve-server " + (version == null ? "(not packaged)" : version)};
  }
}
