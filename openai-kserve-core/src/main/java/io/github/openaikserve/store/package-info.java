/**
 * Stores of responses and conversations: {@link io.github.openaikserve.store.MemoryResponseStore}
 * in this process, {@link io.github.openaikserve.store.JdbcResponseStore} in a database, or an
 * implementation of {@link io.github.openaikserve.store.ResponseStore}.
 */
@NullMarked
package io.github.openaikserve.store;

import org.jspecify.annotations.NullMarked;
