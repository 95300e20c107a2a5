package dev.convene.data;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds drivers of databases, also in jars that were added to Spark by {@code --jars}. */
public final class JdbcDrivers {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcDrivers.class);
  private static final String DRIVER = "driver";
  private static final String URL = "url";

  private JdbcDrivers() {}

  /**
   * Options of Spark's jdbc source that name the driver, if one is there that takes the url. Spark
   * asks {@link java.sql.DriverManager} alone, which does not look into added jars.
   *
   * @param options the user's; a driver among them stands
   */
  public static Map<String, String> named(Map<String, String> options) {
    Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    named.putAll(options);
    if (named.containsKey(URL) && !named.containsKey(DRIVER)) {
      for (Driver driver :
          ServiceLoader.load(Driver.class, Thread.currentThread().getContextClassLoader())) {
        if (accepts(driver, named.get(URL))) {
          named.put(DRIVER, driver.getClass().getName());
          return named;
        }
      }
    }
    return named;
  }

  private static boolean accepts(Driver driver, String url) {
    try {
      return driver.acceptsURL(url);
    } catch (SQLException e) {
      LOG.debug("{} does not take the url", driver, e);
      return false;
    }
  }
}
