package dev.convene.html;

import dev.convene.data.image.ImageShape;
import dev.convene.ml.FeatureImportance;
import dev.convene.report.Evaluated;
import java.util.List;
import java.util.Optional;

/**
 * What a model does with test rows, and what they are.
 *
 * @param name the rows'
 * @param columns the sampled ones
 * @param images the shape of the rows' images, if they are images
 * @param importances of the columns, the largest first; empty if they were not found
 */
public record TestRows(
    String name,
    Evaluated evaluated,
    List<String> columns,
    Optional<ImageShape> images,
    List<FeatureImportance> importances) {

  public TestRows {
    columns = List.copyOf(columns);
    importances = List.copyOf(importances);
  }
}
