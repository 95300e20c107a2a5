package dev.convene.ml;

import dev.convene.nn.Loss;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a fit, before they are dealt, and the network that fits them.
 *
 * @param training features, target and maybe weight
 * @param validation the same columns; empty: no validation
 * @param inputs features of a row
 * @param outputs classes, or numbers to predict
 * @param outputNames of a regression's several outputs; empty if they have none
 */
record FitRows(
    Dataset<Row> training,
    Optional<Dataset<Row>> validation,
    int inputs,
    int outputs,
    Loss loss,
    List<String> outputNames) {}
