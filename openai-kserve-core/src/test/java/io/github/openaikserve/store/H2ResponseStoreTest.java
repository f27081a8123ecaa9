package io.github.openaikserve.store;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

final class H2ResponseStoreTest extends JdbcResponseStoreContract {
  private static final DataSource DATABASE =
      JdbcConnectionPool.create("jdbc:h2:mem:responses;DB_CLOSE_DELAY=-1", "sa", "");

  @Override
  DataSource dataSource() {
    return DATABASE;
  }
}
