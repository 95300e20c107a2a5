package dev.convene.data;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** The formats by their names in {@code data.format}; any other name is one of Spark's sources. */
final class TableFormats {
  private static final Map<String, TableFormat> BY_NAME =
      Map.of(
          CsvDialect.FORMAT,
          new CsvFormat(),
          "json",
          new JsonFormat(),
          "libsvm",
          new LibsvmFormat(),
          "image",
          new ImageFormat(),
          "idx",
          new LabelledPixelsFormat(),
          "cifar10",
          new LabelledPixelsFormat(),
          "table",
          new CatalogFormat(),
          "jdbc",
          new JdbcFormat());

  private static final TableFormat OTHER = new SparkFormat();

  private TableFormats() {}

  static TableFormat of(DataSource source) {
    return BY_NAME.getOrDefault(source.format().toLowerCase(Locale.ROOT), OTHER);
  }

  /** Those with a name of their own. */
  static Collection<TableFormat> named() {
    return BY_NAME.values();
  }
}
