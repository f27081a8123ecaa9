/**
 * The public API: OpenAI's API over any model server that speaks KServe v2.
 *
 * <p>Begin with {@link io.github.openaikserve.OpenAiKServe}.
 */
@NullMarked
package io.github.openaikserve;

import org.jspecify.annotations.NullMarked;
