/**
 * The spark.ml Estimators and Models, and what is asked of the models beside transform.
 *
 * <p>Stable API are {@link dev.convene.ml.NeuralNetworkClassifier} and {@link
 * dev.convene.ml.NeuralNetworkRegressor} with their models and the interfaces that these implement
 * (but for the methods whose types are of this package only), {@link
 * dev.convene.ml.TrainingSummary}, and {@link dev.convene.ml.PermutationImportance} with {@link
 * dev.convene.ml.FeatureGroup} and {@link dev.convene.ml.FeatureImportance}. Of the public types
 * {@link dev.convene.ml.ScoredColumn} and {@link dev.convene.ml.BlockScoringExec} are none: they
 * are public for Spark alone.
 */
package dev.convene.ml;
