/** Models as ONNX graphs, which score rows without Spark. */
package dev.convene.onnx;
