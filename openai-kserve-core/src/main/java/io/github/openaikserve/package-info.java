/**
 * The public API: OpenAI's API over any model server that implements KServe v2.
 *
 * <p>Start with {@link io.github.openaikserve.OpenAiKServe}.
 */
@NullMarked
package io.github.openaikserve;

import org.jspecify.annotations.NullMarked;
