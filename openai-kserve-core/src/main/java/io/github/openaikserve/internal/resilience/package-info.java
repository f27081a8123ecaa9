/**
 * The parts of {@code resilience} that do not depend on its policies.
 *
 * <ul>
 *   <li>{@code DecoratedCall} is one call of a backend that wraps another backend.
 *   <li>{@code HealthCheck} and {@code ModelHealth} judge an endpoint.
 *   <li>{@code FairQueue}, {@code RetryBudget}, {@code SerialTasks} and {@code Timer} decide when
 *       something runs.
 * </ul>
 */
@NullMarked
package io.github.openaikserve.internal.resilience;

import org.jspecify.annotations.NullMarked;
