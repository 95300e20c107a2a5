/** Scaling of features as MLlib stages, fitted so that no partitioning or task order shows. */
package dev.convene.preprocess;
