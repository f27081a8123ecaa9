/**
 * The reference server: the library mounted behind Vert.x, with a command line.
 *
 * <p>Here lives what an HTTP layer has to see to: sockets, limits, keys, disconnects and the end of
 * the process. Nothing of OpenAI's API ever does. Begin with {@link
 * io.github.openaikserve.server.ReferenceServer}.
 */
@NullMarked
package io.github.openaikserve.server;

import org.jspecify.annotations.NullMarked;
