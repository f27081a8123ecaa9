/** Files of the operator: read up to a maximum size, and reloaded when they change. */
@NullMarked
package io.github.openaikserve.server.file;

import org.jspecify.annotations.NullMarked;
