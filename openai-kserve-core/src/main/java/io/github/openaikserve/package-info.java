/**
 * The door: OpenAI's API over any model server that speaks KServe v2.
 *
 * <p>Here lives what an application calls. How it is done never does. Begin with {@link
 * io.github.openaikserve.OpenAiKServe}.
 */
@NullMarked
package io.github.openaikserve;

import org.jspecify.annotations.NullMarked;
