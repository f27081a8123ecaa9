package io.github.openaikserve.store;

import io.github.openaikserve.testsupport.Postgres;
import javax.sql.DataSource;

final class PostgresResponseStoreTest extends JdbcResponseStoreContract {
  @Override
  DataSource dataSource() {
    return Postgres.database("store");
  }
}
