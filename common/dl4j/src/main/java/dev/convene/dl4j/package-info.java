/** DL4J Spark as a trainer and its model files. The only package that sees DL4J and ND4J. */
package dev.convene.dl4j;
